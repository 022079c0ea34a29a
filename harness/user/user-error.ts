/**
 * A mistake the user can mend: printed as one paragraph, without a stack trace, with exit code 2.
 * The message says what was wrong and where; the remedy says what was expected or what to do.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
