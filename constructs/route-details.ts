/** Where TLS ends. */
export type RouteTls =
  /** At the front door; the pods are spoken to in HTTP. */
  | {
      readonly mode: 'edge';
      /** @default - the front door's own */
      readonly certificate?: RouteCertificate;
    }
  /** At the front door, and anew at the pods, whose certificate `authority` (PEM, public) has signed. */
  | {
      readonly mode: 'reencrypt';
      readonly authority: string;
      /** @default - the front door's own */
      readonly certificate?: RouteCertificate;
    }
  /** At the pods, which hold the certificate. The front door sees a host name and no path. */
  | { readonly mode: 'passthrough' };

/** A certificate for one route, where the front door's own will not do: a TLS Secret in the namespace of the route. */
export interface RouteCertificate {
  /** Secret of the type `kubernetes.io/tls`. */
  readonly secret: string;
  /**
   * The public part, as PEM, of a Secret that somebody else makes. It is checked for its hosts and its end.
   *
   * @default - the Secret is made in the same chart
   */
  readonly publicPart?: string;
}

/** How long a front door waits. */
export interface RouteTimeouts {
  /**
   * Longest that one request may take, upload and answer, in seconds.
   *
   * @default - as the front door has it
   */
  readonly requestSeconds?: number;
  /**
   * Longest that a websocket may be silent, in seconds.
   *
   * @default - as the front door has it
   */
  readonly websocketSeconds?: number;
}

/** What a front door does with a request before the pods see it. */
export interface RouteGuards {
  /**
   * Requests from one address: so many a second on average, and so many at once.
   *
   * @default - as many as come
   */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /**
   * Who may come in, beside what the program itself asks.
   *
   * @default - the program decides
   */
  readonly login?:
    /** Names and passwords, in the form of htpasswd, in key `auth` (the only one) of a Secret of the route's namespace. */
    | { readonly kind: 'basic'; readonly secret: string }
    /** A service that is asked about every request; what it answers beside 2xx goes to the client. */
    | {
        readonly kind: 'forward';
        readonly url: string;
        readonly answerHeaders: readonly string[];
      };
  /**
   * Headers set on every answer.
   *
   * @default {}
   */
  readonly answerHeaders?: Readonly<Record<string, string>>;
}
