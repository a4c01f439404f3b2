import { Construct } from 'constructs';

import type { SecretRef } from '../contracts';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { addKeytab, keytabProblems, type KeytabProps } from './keytab';

/** A Kerberos realm. */
export interface KerberosProps {
  /** `EXAMPLE.ORG`. */
  readonly realm: string;
  /** Key distribution centres as `host` or `host:port`. */
  readonly kdcs: readonly string[];
  /**
   * Where passwords are changed, as `host` or `host:port`.
   *
   * @default - passwords are not changed from here
   */
  readonly adminServer?: string;
  /** Domains whose hosts are in the realm: `example.org`. */
  readonly domains: readonly string[];
}

/** A ConfigMap that holds `krb5.conf`. */
export interface KerberosFile {
  readonly configMap: string;
  readonly key: 'krb5.conf';
}

/**
 * A site's Kerberos realm, for services that take its tickets: REANA's jobs, GSSAPI logins. Names are not canonicalized by reverse
 * lookups, which inside a cluster answer with pods' names (https://web.mit.edu/kerberos/krb5-latest/doc/admin/princ_dns.html).
 */
export class Kerberos extends Construct {
  public readonly realm: string;
  private readonly namespaces = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: KerberosProps,
  ) {
    super(scope, id);
    rejectInvalid(this, problemsOf(props));
    this.realm = props.realm;
  }

  /** The realm's `krb5.conf` in the namespace of `scope`. */
  public configIn(scope: Construct): KerberosFile {
    const name = `krb5-${this.realm.toLowerCase().replaceAll('.', '-')}`;
    if (!this.namespaces.has(scope.node.path)) {
      this.namespaces.add(scope.node.path);
      const part = { name: 'kerberos', instance: name, component: 'config', partOf: 'identity' };
      kubeObject(scope, `Kerberos-${this.realm}`, 'ConfigMap', {
        metadata: { name, labels: labelsOf(part) },
        data: { 'krb5.conf': krb5Conf(this.props) },
      });
    }
    return { configMap: name, key: 'krb5.conf' };
  }

  /** The keys of a service, as a Secret in the namespace of `scope`. */
  public keytabIn(scope: Construct, keytab: KeytabProps): SecretRef {
    rejectInvalid(this, keytabProblems(keytab));
    return addKeytab(scope, this.realm, keytab);
  }
}

/** `krb5.conf` of a realm. */

export function krb5Conf({ realm, kdcs, adminServer, domains }: KerberosProps): string {
  return [
    '[libdefaults]',
    `  default_realm = ${realm}`,
    '  dns_lookup_realm = false',
    '  dns_lookup_kdc = false',
    '  rdns = false',
    '  dns_canonicalize_hostname = false',
    '  forwardable = true',
    '',
    '[realms]',
    `  ${realm} = {`,
    ...kdcs.map((kdc) => `    kdc = ${kdc}`),
    ...(adminServer === undefined ? [] : [`    admin_server = ${adminServer}`]),
    '  }',
    '',
    '[domain_realm]',
    ...domains.flatMap((domain) => [`  .${domain} = ${realm}`, `  ${domain} = ${realm}`]),
    '',
  ].join('\n');
}

const HOST = /^[a-z0-9.-]+(:\d+)?$/;

function problemsOf({ realm, kdcs, adminServer, domains }: KerberosProps): string[] {
  return [
    ...(/^[A-Z0-9][A-Z0-9.-]*$/.test(realm)
      ? []
      : [`realm must be in capital letters, such as 'EXAMPLE.ORG', got '${realm}'`]),
    ...(kdcs.length > 0 ? [] : ['kdcs must name at least one key distribution centre']),
    ...[...kdcs, ...(adminServer === undefined ? [] : [adminServer])]
      .filter((host) => !HOST.test(host))
      .map((host) => `kdcs and adminServer must be '<host>' or '<host>:<port>', got '${host}'`),
    ...domains
      .filter((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain))
      .map((domain) => `domains must be domain names without a leading dot, got '${domain}'`),
  ];
}
