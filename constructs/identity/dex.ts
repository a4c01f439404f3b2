import { Construct } from 'constructs';
import { stringify } from 'yaml';

import type { IIdentityProvider, IIngress, LoginRequest, OidcLogin } from '../contracts';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { later } from '../kit/later';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { generatedSecret, secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import { peopleOf } from './admins';
import { DEFINITIONS, DEX_RULES, dexDefinitions } from './dex-storage';
import { BIND_PASSWORD, dexConfig, type DexClient } from './dex-config';
import { directoryAddress } from './directory-address';
import { directoryFacts } from './directory-facts';
import type { LdapIdentityProps } from './identity-props';
import { ldapProblems } from './ldap-problems';
import { loginSecret } from './login-secret';
import { OIDC_PRODUCTS } from './oidc-products';
import { checkRedirects } from './redirects';

/** An OpenID Connect provider of the site's own, in front of its directory. */
export interface DexProps {
  readonly directory: LdapIdentityProps;
  /** Host name under which browsers and services reach it: `login.example.org`. */
  readonly host: string;
  readonly ingress: IIngress;
  /**
   * Who may come in: `public` where any service that people log in to is. Services ask it under its host name as well, so an `internal`
   * one needs the addresses that pods come from among the front door's internal networks.
   *
   * @default 'internal'
   */
  readonly reach?: 'public' | 'internal';
  /** @default 2 */
  readonly replicas?: number;
}

const NAME = 'dex';
const PORTS = { http: 5556, telemetry: 5558 } as const;
const CONFIG = '/etc/dex-site';
const PASSWORD_KEY = 'bind-password';

/**
 * Dex for sites that have a directory and no OpenID Connect provider. Services register themselves by asking for a login; their
 * secrets are made once. Logins in progress and signing keys are kept in the API server, so replicas come and go freely.
 */
export class Dex extends Construct implements IIdentityProvider {
  public readonly groups: readonly string[] | undefined;
  public readonly admins: IIdentityProvider['admins'];
  public readonly selfRegistration = false;
  private readonly issuer: string;
  private readonly clients: DexClient[] = [];
  private readonly part: Part = {
    name: NAME,
    instance: NAME,
    component: 'provider',
    partOf: 'identity',
    version: IMAGES.dex.tag,
  };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DexProps,
  ) {
    super(scope, id);
    const target = targetOf(this);
    rejectInvalid(this, [
      ...(target.apiVersion('CustomResourceDefinition') === DEFINITIONS
        ? []
        : [
            `Dex keeps what it knows in ${DEFINITIONS}, which '${target.name}' does not serve; use the directory itself (LdapIdentity)`,
          ]),
      ...problemsOf(props),
    ]);
    const { groups, admins } = peopleOf(props.directory);
    this.groups = groups;
    this.admins = admins;
    this.issuer = `https://${props.host}`;
    dexDefinitions(this, this.part);
    this.addRights();
    this.addProgram();
    this.addService();
    this.addPolicy();
  }

  public login(request: LoginRequest): OidcLogin {
    const { scope, name, redirectUris } = request;
    if (this.clients.some((client) => client.id === name))
      throw new Error(
        `Dex '${this.node.path}': '${name}' has a login already; ask for one a service`,
      );
    checkRedirects(this, this.props.ingress, request);
    const secret = generatedSecret(`dex/${name}`, { length: 40 });
    this.clients.push({ id: name, redirectUris, secret: secretToken(secret) });
    const { endpoints, scopes, usernameClaim, groupsClaim } = OIDC_PRODUCTS.dex;
    return {
      kind: 'oidc',
      title: this.props.directory.title,
      issuer: this.issuer,
      endpoints: endpoints(this.issuer),
      clientId: name,
      clientSecret: loginSecret(scope, name, 'client-secret', secret).ref,
      scopes,
      usernameClaim,
      groupsClaim,
    };
  }

  private addRights(): void {
    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    grantInNamespace(this, 'Storage', {
      name: `${NAME}-storage`,
      part: this.part,
      rules: DEX_RULES,
      to: { name: NAME, namespace: namespaceOf(this) },
    });
  }

  private addProgram(): void {
    const { directory, replicas } = this.props;
    const password = directory.bind?.password;
    const listen = { web: `0.0.0.0:${PORTS.http}`, telemetry: `0.0.0.0:${PORTS.telemetry}` };
    // Clients' secrets are in it, so all of it is one.
    const config = kubeObject(this, 'Config', 'Secret', {
      metadata: { name: NAME, labels: labelsOf(this.part), annotations: directoryFacts(directory) },
      type: 'Opaque',
      stringData: {
        'config.yaml': later(() =>
          stringify(
            dexConfig({
              directory,
              issuer: this.issuer,
              listen,
              storage: { type: 'kubernetes', config: { inCluster: true } },
              clients: this.clients,
              caFile: `${CONFIG}/ca.crt`,
            }),
          ),
        ),
        ...(directory.ca === undefined ? {} : { 'ca.crt': directory.ca }),
        ...(password === undefined ? {} : { [PASSWORD_KEY]: secretToken(password) }),
      },
    });
    deployment(this, 'Deployment', {
      name: NAME,
      part: this.part,
      replicas: replicas ?? 2,
      serviceAccount: NAME,
      usesApi: true,
      user: 1001, // of the image's USER line
      containers: [
        {
          name: NAME,
          image: imageRef(IMAGES.dex),
          command: ['dex', 'serve', `${CONFIG}/config.yaml`],
          ports: PORTS,
          env: [
            { name: 'KUBERNETES_POD_NAMESPACE', value: namespaceOf(this) },
            ...(password === undefined
              ? []
              : [
                  {
                    name: BIND_PASSWORD,
                    valueFrom: { secretKeyRef: { name: NAME, key: PASSWORD_KEY } },
                  },
                ]),
          ],
          resources: { cpu: '50m', memory: '64Mi', memoryLimit: '256Mi' },
          probes: {
            readiness: httpProbe('telemetry', '/healthz/ready'),
            liveness: httpProbe('telemetry', '/healthz/live'),
          },
          mounts: [{ name: 'config', mountPath: CONFIG, readOnly: true }],
        },
      ],
      config: [config],
      volumes: [{ name: 'config', secret: { secretName: NAME } }],
    });
  }

  private addService(): void {
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      spec: {
        selector: selectorOf(this.part),
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    });
    this.props.ingress.route({
      scope: this,
      name: NAME,
      host: this.props.host,
      service: { name: NAME, port: 'http' },
      reach: this.props.reach ?? 'internal',
    });
  }

  private addPolicy(): void {
    const { port } = directoryAddress(this.props.directory.url);
    allow(this, 'Allow', {
      name: NAME,
      part: this.part,
      from: [{ peers: 'anyone', ports: [PORTS.http] }],
      to: [API_SERVER, { peers: 'anyone', ports: [port] }],
    });
  }
}

function problemsOf({ directory, host, replicas }: DexProps): string[] {
  return [
    ...(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)
      ? []
      : [`host must be a host name such as 'login.example.org', got '${host}'`]),
    ...(replicas === undefined || (Number.isInteger(replicas) && replicas > 0)
      ? []
      : [`replicas must be 1 or more, got ${replicas}`]),
    ...[directory.bind?.dn ?? '', directory.users.filter, directory.groupSearch.filter]
      .filter((text) => text.includes('$'))
      .map(
        (text) => `'${text}' must not contain '$', which Dex takes for the beginning of a variable`,
      ),
    ...(directory.selfRegistration === undefined
      ? []
      : [
          'selfRegistration cannot be had: a directory has no accounts that people make themselves',
        ]),
    ...ldapProblems(directory),
  ];
}
