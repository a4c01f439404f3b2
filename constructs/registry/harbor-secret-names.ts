/** The secrets of a Harbor, with the lengths in characters that it demands. */
export type HarborSecret =
  /** 16. Encrypts rows of the database: another key makes passwords of registries, robots and OIDC unreadable. It never changes. */
  | 'secretKey'
  /** Password of the user `admin`. Harbor reads it when its database is empty, and never again. */
  | 'admin'
  /** Password of the database inside. The server reads it when it is first started, and never again. */
  | 'database'
  | RotatableSecret;

/** The secrets that can be made anew while Harbor lives, and what that does. */
export type RotatableSecret =
  /** 16. Core to the others. All pods of Harbor start anew; requests between them fail until the last one has. */
  | 'core'
  /** 16. Jobservice to core. Core, jobservice and registry start anew; jobs that run are taken up again. */
  | 'jobservice'
  /** 16. Of the registry's own upload state. Uploads under way begin again. */
  | 'registryHttp'
  /** Core's password at the registry. Core, jobservice and registry start anew; pulls fail for that moment. */
  | 'registryCredential'
  /** 32. Of forms in the browser. People reload the page. */
  | 'csrf'
  /** A key of RSA. Signs the tokens of clients: those handed out before, for half an hour, are refused, and clients ask again. */
  | 'tokenKey'
  /** Password of Redis inside. Redis starts anew together with the others; people log in again. */
  | 'redis';
