/** Builds dist before the tests, once: tests of whole processes run the program that users run. */
import { execFileSync } from 'node:child_process';

export default (): void => {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
};
