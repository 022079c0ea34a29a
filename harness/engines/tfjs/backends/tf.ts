/**
 * TF.js with its gradients. Under Node tfjs-core does not register them, and keeps them in files that Node cannot load; tfjs-layers
 * registers them all and is the smallest package that does.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';

// A second copy of TF.js, such as the one libtensorflow's binding brings, shares this one's kernels and would warn of every one that
// it registers again.
tf.enableProdMode();

export { tf };
