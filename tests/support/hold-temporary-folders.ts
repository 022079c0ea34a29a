/** Child process of the temporary folders' tests: makes what its arguments say, says where, and then ends as it is told to, or waits. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../harness/files/temporary-folder.js';
import { checkOut, openRepository } from '../../harness/regression/bisect/git-history.js';

const [end = '', repository] = process.argv.slice(2);
const { path } = await temporaryFolder('test');
writeFileSync(join(path, 'file'), 'content');
const made = [path];
if (repository !== undefined) {
  const { root, commit } = await openRepository(repository);
  made.push((await checkOut(root, root, await commit('HEAD'))).scratch);
}
process.stdout.write(`${JSON.stringify(made)}\n`);
if (end === 'exit') process.exit(3);
if (end === 'throw') throw new Error('on purpose');
setInterval(() => {}, 1000);
