/**
 * What is asked of run folders, in DuckDB's SQL. Text that is not JSON, and values of another type than is asked for, become null; what
 * must not be null is checked where the rows come out.
 */

/** Of `suite.json`: what becomes columns. */
const PLAN = JSON.stringify({
  candidates: [
    {
      name: 'VARCHAR',
      costs: { deploy: { params: 'DOUBLE', macs: 'DOUBLE', flops: 'DOUBLE' } },
      budget: { metric: 'VARCHAR', target: 'DOUBLE' },
    },
  ],
});

/** Of a line of `journal.jsonl`. */
const EVENT = JSON.stringify({
  event: 'VARCHAR',
  planKey: 'VARCHAR',
  key: 'VARCHAR',
  candidate: 'VARCHAR',
  seed: 'BIGINT',
  device: 'VARCHAR',
  form: 'VARCHAR',
  measurement: { device: { kind: 'VARCHAR' } },
  result: { form: 'VARCHAR', testTop1: 'DOUBLE', medianMs: 'DOUBLE', interval95Ms: ['DOUBLE'] },
});

/** One row a folder. */
export const PLANS = `
CREATE TABLE plan AS
SELECT folder, text, try(from_json(text, '${PLAN}')) AS plan
FROM (SELECT parse_dirpath(filename) AS folder, try(decode(content)) AS text FROM read_blob($files))`;

/** One row a folder. */
export const ENVIRONMENTS = `
CREATE TABLE environment AS
SELECT parse_dirpath(filename) AS folder, try(decode(content)) AS environment
FROM read_blob($files)`;

/** Whether a line is what its checksum says; lines of earlier versions have none. See `checksum.ts`. */
const SEAL = `',"sum":"([0-9a-f]{16})"}$'`;
const IS_WHOLE = `
  NOT regexp_matches(text, ${SEAL})
  OR left(sha256(regexp_replace(text, ${SEAL}, '}')), 16) = regexp_extract(text, ${SEAL}, 1)`;

/** With the line ends that lightbench writes; editors and transfers make others of them. */
const LINES = `replace(replace(coalesce(try(decode(content)), ''), chr(13) || chr(10), chr(10)), chr(13), chr(10))`;

/** One row a whole line. What stands after the last newline was cut off while it was written, and does not count. */
export const EVENTS = `
CREATE TABLE event AS
SELECT folder, line, unnest(event), event.result.testTop1 AS top1, event.result.medianMs AS ms, event.result.interval95Ms AS interval
FROM (
  SELECT folder, line, if(${IS_WHOLE}, try(from_json(text, '${EVENT}')), NULL) AS event
  FROM (
    SELECT folder, unnest(texts) AS text, generate_subscripts(texts, 1) AS line, len(texts) AS cut
    FROM (
      SELECT parse_dirpath(filename) AS folder, string_split(${LINES}, chr(10)) AS texts
      FROM read_blob($files)
    )
  )
  WHERE line < cut
)`;

/** One row a planned candidate. */
export const CANDIDATES = `
CREATE TABLE candidate AS
SELECT
  folder,
  place,
  planned.name AS candidate,
  planned.budget.metric AS budgetMetric,
  planned.budget.target AS budgetTarget,
  planned.costs.deploy.params AS params,
  planned.costs.deploy.macs AS macs,
  planned.costs.deploy.flops AS flops
FROM (
  SELECT folder, unnest(plan.candidates) AS planned, generate_subscripts(plan.candidates, 1) AS place
  FROM plan
)`;

/** One row a folder: the plan and the environment as text, and what tells that the journal is another's. */
export const RUNS = `
WITH journal AS (
  SELECT
    folder,
    min(line) FILTER (event IS NULL)::INTEGER AS badLine,
    list(DISTINCT planKey) FILTER (planKey IS NOT NULL) AS planKeys
  FROM event
  GROUP BY folder
)
SELECT
  folder,
  text AS plan,
  environment,
  badLine,
  planKeys
FROM plan JOIN environment USING (folder) LEFT JOIN journal USING (folder)`;

/** One row a run, candidate and metric, in this order. The first result of a trial counts, and the last measurement of a latency of the deploy form by the engine on the run's own machine. */
export const VALUES = `
WITH
  trial AS (
    SELECT folder, event, candidate, seed, top1
    FROM event
    WHERE key IS NOT NULL
    QUALIFY row_number() OVER (
      PARTITION BY folder, key ORDER BY event = 'trial-done' DESC, if(event = 'trial-done', line, -line)
    ) = 1
  ),
  latency AS (
    SELECT folder, event, candidate, ms, interval
    FROM event
    WHERE event IN ('latency-done', 'latency-failed') AND device IS NULL
      AND coalesce(form, result.form, 'deploy') <> 'int8' AND folder NOT IN (
      SELECT folder FROM event
      WHERE event = 'latency-measured' AND device IS NULL AND measurement.device.kind <> 'native'
    )
    QUALIFY row_number() OVER (PARTITION BY folder, candidate ORDER BY line DESC) = 1
  ),
  measured AS (
    SELECT folder, candidate, metric, value, NULL AS low, NULL AS high, NULL AS seedValues
    FROM candidate UNPIVOT INCLUDE NULLS (value FOR metric IN (params, macs, flops))
    UNION ALL
    SELECT folder, candidate, 'top1', list_avg(list(top1 ORDER BY seed)), NULL, NULL, list(top1 ORDER BY seed)
    FROM trial WHERE event = 'trial-done' GROUP BY folder, candidate
    UNION ALL
    SELECT folder, candidate, 'latency', ms, interval[1], interval[2], NULL
    FROM latency WHERE event = 'latency-done'
  )
SELECT folder, candidate, metric, value, low, high, seedValues, budgetMetric, budgetTarget
FROM measured JOIN candidate USING (folder, candidate)
ORDER BY folder, place, metric`;
