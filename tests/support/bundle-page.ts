/** Bundles the program of the page before the tests: pages hold it. */
import { execFileSync } from 'node:child_process';

export default (): void => {
  execFileSync('npm', ['run', '--silent', 'build:page'], { stdio: 'ignore' });
};
