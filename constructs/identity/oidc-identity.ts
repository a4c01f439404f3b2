import { Construct } from 'constructs';

import type { IIdentityProvider, IIngress, LoginRequest, OidcLogin } from '../contracts';
import { rejectInvalid } from '../kit/validate';
import { peopleOf, peopleProblems } from './admins';
import type { OidcIdentityProps } from './identity-props';
import { loginSecret } from './login-secret';
import { providerFacts } from './provider-facts';
import { checkRedirects } from './redirects';

/** People as an OpenID Connect provider knows them: Keycloak, CERN's, CILogon, INDIGO IAM, Dex or another. */
export class OidcIdentity extends Construct implements IIdentityProvider {
  public readonly groups: readonly string[] | undefined;
  public readonly admins: IIdentityProvider['admins'];
  public readonly selfRegistration: boolean;

  /** `ingress` is asked whether the addresses that browsers come back to are served. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: OidcIdentityProps & { readonly ingress?: IIngress },
  ) {
    super(scope, id);
    rejectInvalid(this, problemsOf(props));
    const { groups, admins, selfRegistration } = peopleOf(props);
    this.groups = groups;
    this.admins = admins;
    this.selfRegistration = selfRegistration;
  }

  public login(request: LoginRequest): OidcLogin {
    const { clients, issuer, title } = this.props;
    const client = clients[request.name];
    if (client === undefined) {
      throw new Error(
        `identity '${this.node.path}': no client is registered for '${request.name}'; ` +
          `register it with ${title} (redirect URI ${request.redirectUris.join(', ')}) and name it under clients; there are: ${Object.keys(clients).join(', ')}`,
      );
    }
    checkRedirects(this, this.props.ingress, request);
    const { ref } = loginSecret(request.scope, request.name, 'client-secret', client.secret);
    return {
      kind: 'oidc',
      title,
      issuer,
      clientId: client.id,
      clientSecret: ref,
      ...providerFacts(this.props),
    };
  }
}

function problemsOf(props: OidcIdentityProps): string[] {
  const { product, issuer, endpoints, clients, scopes } = props;
  return [
    ...(/^https:\/\/[^/]+/.test(issuer)
      ? []
      : [`issuer must be a URL that begins with https://, got '${issuer}'`]),
    ...(product === 'other' && endpoints === undefined
      ? [
          "product 'other' needs endpoints; they are in the provider's /.well-known/openid-configuration",
        ]
      : []),
    ...Object.entries(endpoints ?? {})
      .filter(([, url]) => !url.startsWith('https://'))
      .map(([name, url]) => `endpoints.${name} must begin with https://, got '${url}'`),
    ...(scopes === undefined || scopes.includes('openid')
      ? []
      : [`scopes must contain 'openid', got ${scopes.join(', ')}`]),
    ...Object.entries(clients).flatMap(([service, { id }]) =>
      id === '' ? [`clients.${service}.id must not be empty`] : [],
    ),
    ...peopleProblems(props),
  ];
}
