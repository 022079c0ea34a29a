/** Where Redis is. The one place that knows the password, and that keeps it out of whatever is shown or written. */
import { UserError } from '../../user/user-error.js';

export interface RedisAddress {
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly username?: string;
    readonly password?: string;
    readonly db?: number;
    readonly tls?: { readonly servername: string };
  };
  /** Without user and password. */
  readonly shown: string;
  /** What is wrong with using it, for the user; null where nothing is. */
  readonly warning: string | null;
}

/** The environment variable that holds the address where no option names it. */
export const REDIS_VARIABLE = 'LIGHTBENCH_REDIS_URL';

/** Of `redis://` or, with TLS, `rediss://[user:password@]host[:port][/database]`. Throws UserError, which shows no password, where it is none. */
export const redisAddress = (text: string): RedisAddress => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isTls = url?.protocol === 'rediss:';
  const database = /^\/?(\d*)$/.exec(url?.pathname ?? '')?.[1];
  if (!url || !(isTls || url.protocol === 'redis:') || url.hostname === '' || database === undefined) {
    // A text that is no address has no place where a password would be known to be.
    throw new UserError(
      `${text.includes('@') ? `What is given, by --redis or ${REDIS_VARIABLE},` : text} is no address of Redis.`,
      'Expected redis://host:6379, or rediss://user:password@host:6379 for TLS; special characters of a password as %40 and so on.',
    );
  }
  const [username, password] = [decoded(url.username), decoded(url.password)];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const shown = `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
  return {
    options: {
      host,
      port: url.port === '' ? 6379 : Number(url.port),
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      ...(database === '' ? {} : { db: Number(database) }),
      ...(isTls ? { tls: { servername: host } } : {}),
    },
    shown,
    warning:
      password !== '' || isLoopback(host)
        ? null
        : `${shown} has no password: whoever reaches it can read and change the trials of this run.`,
  };
};

/** The option, else the variable. Throws UserError where neither is given. */
export const redisAddressFrom = (
  option: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): RedisAddress => {
  const text = option ?? environment[REDIS_VARIABLE];
  if (text) return redisAddress(text);
  throw new UserError('No Redis is named.', `Give --redis redis://host:6379, or set ${REDIS_VARIABLE}.`);
};

/** The text with the user and the password of every address in it replaced. */
export const withoutCredentials = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)\S*@/gi, '$1***@');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
