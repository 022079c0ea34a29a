/** What is said of the file that a part comes from. */
import { UserError } from '../user/user-error.js';

/** What `read` gives; a UserError begins with the file. */
export const inFile = <T>(file: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || error.message.startsWith(file)) throw error;
    throw new UserError(`${file}: ${error.message.replace(/\.$/, '')}.`, error.remedy);
  }
};

/** `MobileNet_v2.onnx` as `mobilenet-v2-onnx`: no part of the registry is called so. */
export const idOfFile = (file: string): string => {
  const words = file.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const id = words.join('-');
  return /^[a-z]/.test(id) ? id : `part-${id}`;
};
