/** Child process of the test of cores: what the records of this process say. */
import { watchMachine } from '../../harness/measure/machine/disturbance.js';
import { describeEnvironment } from '../../harness/measure/machine/environment.js';

const environment = await describeEnvironment({});
const measured = await (await watchMachine())();
console.log(JSON.stringify([environment.cores, measured.cores]));
