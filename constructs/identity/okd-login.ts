import { Construct } from 'constructs';
import { stringify } from 'yaml';

import { labelsOf, type Part } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import { secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import type { OidcIdentityProps } from './identity-props';
import { ldapUrl } from './ldap-url';
import { ldapProblems } from './ldap-problems';
import { AUTHORITIES_FILE, masterConfig, type OkdLoginProps } from './master-config';
import { providerFacts } from './provider-facts';

const NAME = 'beamline-login';
/** Where OKD's OAuth server looks for secrets and certificates. */
const CONFIG_NAMESPACE = 'openshift-config';

/**
 * How people log in to OKD: the cluster's one OAuth object on OKD 4; on 3.11 a ConfigMap that holds the part of
 * `master-config.yaml` which its administrator has to merge by hand, as only files on the masters decide there.
 *
 * The OAuth object exists on every cluster: list `_/oauth.config.openshift.io/cluster` under `adopt`. Its list of providers is
 * then this one; another that somebody had added by hand goes.
 */
export class OkdLogin extends Construct {
  private readonly part: Part = {
    name: 'okd-login',
    instance: NAME,
    component: 'login',
    partOf: 'identity',
  };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OkdLoginProps,
  ) {
    super(scope, id);
    const target = targetOf(this);
    rejectInvalid(this, [
      ...(target.flavour === 'okd'
        ? []
        : [
            `logging in to the cluster is OKD's; '${target.name}' takes its users from flags of its API server`,
          ]),
      ...(props.kind === 'ldap' ? ldapProblems(props.directory) : oidcProblems(props.provider)),
    ]);
    if (target.serves('OAuth')) this.addOAuth();
    else this.addMasterConfig();
  }

  private addOAuth(): void {
    const metadata = { name: NAME, namespace: CONFIG_NAMESPACE, labels: labelsOf(this.part) };
    const secret = this.secret();
    if (secret !== undefined) {
      kubeObject(this, 'Secret', 'Secret', { metadata, type: 'Opaque', stringData: secret });
    }
    const { ca } = this.props.kind === 'ldap' ? this.props.directory : { ca: undefined };
    if (ca !== undefined) {
      kubeObject(this, 'Authorities', 'ConfigMap', { metadata, data: { 'ca.crt': ca } });
    }
    customObject(this, 'OAuth', {
      apiVersion: targetOf(this).apiVersion('OAuth'),
      kind: 'OAuth',
      metadata: { name: 'cluster', labels: labelsOf(this.part) },
      spec: { identityProviders: [this.provider()] },
    });
  }

  /** Keys as the OAuth server looks for them. */
  private secret(): Record<string, string> | undefined {
    if (this.props.kind === 'oidc') {
      const client = this.props.provider.clients['okd'];
      return client === undefined ? undefined : { clientSecret: secretToken(client.secret) };
    }
    const { bind } = this.props.directory;
    return bind === undefined ? undefined : { bindPassword: secretToken(bind.password) };
  }

  /** See https://github.com/openshift/api/blob/master/config/v1/types_oauth.go */
  private provider(): object {
    const common = { mappingMethod: 'claim' };
    if (this.props.kind === 'ldap') {
      const { title, bind, ca, users } = this.props.directory;
      return {
        ...common,
        name: title,
        type: 'LDAP',
        ldap: {
          url: ldapUrl(this.props.directory),
          insecure: false,
          ...(bind === undefined ? {} : { bindDN: bind.dn, bindPassword: { name: NAME } }),
          ...(ca === undefined ? {} : { ca: { name: NAME } }),
          attributes: {
            id: ['dn'],
            preferredUsername: [users.attribute],
            name: ['cn'],
            email: ['mail'],
          },
        },
      };
    }
    const { title, issuer, clients } = this.props.provider;
    const { usernameClaim, groupsClaim } = providerFacts(this.props.provider);
    return {
      ...common,
      name: title,
      type: 'OpenID',
      openID: {
        issuer,
        clientID: clients['okd']?.id ?? '',
        clientSecret: { name: NAME },
        claims: {
          preferredUsername: [usernameClaim],
          name: ['name'],
          email: ['email'],
          ...(groupsClaim === undefined ? {} : { groups: [groupsClaim] }),
        },
      },
    };
  }

  /** The masters of 3.11 read files; the password goes into one by its administrator's hand. */
  private addMasterConfig(): void {
    const { ca } = this.props.kind === 'ldap' ? this.props.directory : { ca: undefined };
    kubeObject(this, 'MasterConfig', 'ConfigMap', {
      metadata: { name: 'master-config-identity', labels: labelsOf(this.part) },
      data: {
        'identity-providers.yaml': stringify(masterConfig(this.props)),
        ...(ca === undefined ? {} : { [AUTHORITIES_FILE]: ca }),
      },
    });
  }
}

function oidcProblems({ clients }: OidcIdentityProps): string[] {
  return clients['okd'] === undefined
    ? [
        `clients must have a registration called 'okd' with its secret; there are: ${Object.keys(clients).join(', ') || 'none'}`,
      ]
    : [];
}
