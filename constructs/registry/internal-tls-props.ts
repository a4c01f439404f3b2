/** The programs that have a certificate. */
export type TlsComponent = 'core' | 'portal' | 'registry' | 'jobservice' | 'trivy';

/** TLS between Harbor's programs. They read certificates when they start: a renewal counts from the next start on. */
export interface InternalTls {
  /** The authority that signs, as PEM. Public. */
  readonly authority: string;
  readonly certificates:
    /** cert-manager makes one for each program, from an issuer of that authority. */
    | {
        readonly from: 'cert-manager';
        readonly issuer: { readonly kind: 'Issuer' | 'ClusterIssuer'; readonly name: string };
      }
    /** TLS Secrets in the namespace, whose certificates are for the name of the Service: `harbor-core`. */
    | { readonly from: 'secrets'; readonly names: Readonly<Record<TlsComponent, string>> };
}
