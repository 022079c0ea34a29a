/** Variables by which onnxruntime knows a machine of continuous integration, where it sends nothing by itself. */
const MARKS = [
  'CI',
  'GITHUB_ACTIONS',
  'TF_BUILD',
  'GITLAB_CI',
  'CIRCLECI',
  'TRAVIS',
  'JENKINS_URL',
  'CODEBUILD_BUILD_ID',
  'TEAMCITY_VERSION',
];

/** An environment without them: only there can a test see what lightbench keeps onnxruntime from. */
export const UNMARKED: NodeJS.ProcessEnv = Object.fromEntries(MARKS.map((name) => [name, undefined]));
