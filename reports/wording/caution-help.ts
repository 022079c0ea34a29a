/** What each caution is about and what to do, whatever the run. */
import type { Caution } from '../../harness/analysis/caution.js';

export const CAUTION_HELP: Readonly<Record<Caution['kind'], string>> = {
  'trials-failed':
    'Some trials failed. Candidates are compared on the seeds that both finished. lightbench status RUN says why; lightbench run --resume RUN tries them again.',
  'trials-pending':
    'Some trials have not finished. Candidates are compared on the seeds that both finished. lightbench run --resume RUN goes on.',
  'learned-nothing':
    'The top-1 of some trials is no better than guessing: the recipe does not suit them. Try other learning rates for all candidates with --tune.',
  'lost-in-chance':
    'On so few test images guessing reaches the top-1 of some trials, so it says nothing of what they learned. Test on more images.',
  'one-seed':
    'With one seed the variance between seeds is unknown: intervals are over test images alone, and nothing is decided. Use more --seeds, or --until-decided.',
  'few-seeds':
    'From few seeds intervals are wide, and nothing is decided about a candidate with one. Use more --seeds, or --until-decided.',
  'rate-at-edge':
    'A candidate did best at the lowest or highest learning rate tried, so a rate beyond may do better. Add rates on that side to --tune.',
  'several-looks':
    'With --until-decided the accuracies are looked at while more seeds can be added. Every look uses a part of the significance level, so that the error rate of all looks together is kept.',
  'no-latency': 'No latency was measured. lightbench run --resume RUN measures it.',
  'latency-missing':
    'The latency of some candidates failed or is pending. lightbench run --resume RUN measures it again.',
  'int8-failed':
    'Quantising some trained networks, or testing them in int8, failed. Their results in float count, and in int8 candidates are compared on the others. They are not kept in the cache: run the suite again once the reason is mended.',
  'no-int8-latency':
    'Networks of every engine are tested in int8 by onnxruntime on the CPU, but only where that engine trained them is their int8 latency measured, too. Use --engine onnxruntime for it.',
  'one-session':
    'Latency was measured in one session: how much it varies from session to session is unknown, so nothing is decided. Raise latency.sessions in the suite.',
  'few-sessions':
    'Every session loads all networks anew, and from few of them intervals of latency are very wide. Raise latency.sessions in the suite; measurements that decide every pair end earlier by themselves.',
  'no-control':
    'No network was timed against itself (A/A control), so the noise floor is unknown. Measure again with this version.',
  'noise-floor':
    'A network timed against itself seemed to differ by more than the threshold: smaller differences cannot be resolved. Measure on a quieter machine, or with more rounds.',
  machine:
    'Something disturbed the machine or the record: load, heat, a frequency governor, a damaged journal. lightbench doctor names what can be mended before the next run.',
  'budget-of-this-machine':
    'The budget was one of latency, which was met on this machine; elsewhere other values of the knobs meet it.',
  'off-latency-budget':
    'The latency measured in the run is further from the budget than when it was planned: the machine was busier then or now. Plan again on a quiet machine.',
  'no-knob':
    'A candidate has no knob, so that the budget changed nothing about it. Give it one in the suite, or read its accuracy together with its cost.',
  'same-network':
    'Two candidates build the same network, so they tie whatever is measured. Check their options.',
  'incomplete-design':
    'Factors are declared, but not every combination of their levels has a candidate: effects of single factors cannot be told apart. Add the missing candidates.',
};
