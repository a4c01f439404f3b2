/** What is measured of the notebooks, as it is called in the results. */
export const RUNNING = 'login to a running pod, nobody else there';
export const LOGIN = 'login, until the page of profiles';
export const START = 'form sent, until the session is ready';
export const OPEN = 'session opened';
export const HUB_MEMORY = 'hub and culler';
export const PROXY_MEMORY = 'proxy';
/** Failed probes in a row after which the hub would be restarted, as it is rendered. */
export const LIVENESS_LIMIT = 30;
export const PROBES = 'liveness probes of the hub that failed in a row';
/** The share of people whom it took at most so long. */
export const SHARES = { p50: 0.5, p95: 0.95, max: 1 } as const;

/** People who came, and did not see their session in the end. */
export const FAILURES = 'people without a session';

/** The environment that is the whole facility. */
export const FACILITY = 'fnal-production';
