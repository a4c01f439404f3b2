import { Construct } from 'constructs';

import type { ICondorPool, SecretRef } from '../contracts';
import { labelsOf } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { secretFromConfig, secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { domainProblems } from './pool-problems';
import { TOKEN } from './pool-tokens';

/** A token that the people of the pool gave us. */
export type GivenToken =
  /** In the encrypted setting `beamline:<setting>` of the environment. */
  | { readonly identity: string; readonly setting: string }
  /** In a Secret that is there, of one namespace. */
  | { readonly identity: string; readonly secret: SecretRef; readonly namespace: string };

/** A pool that somebody else runs. */
export interface ExistingCondorPoolProps {
  /** `host:port` of its collector: `cm.example.org:9618`. */
  readonly collector: string;
  /** Its trust domain (`condor_config_val TRUST_DOMAIN`). */
  readonly domain: string;
  /** Its tokens, by whom it takes their holders for. What each may do is what the pool's people put in it. */
  readonly tokens: readonly GivenToken[];
}

/** A pool outside of what Beamline runs, for services that send jobs to it. */
export class ExistingCondorPool extends Construct implements ICondorPool {
  public readonly collector: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingCondorPoolProps,
  ) {
    super(scope, id);
    rejectInvalid(this, existingProblems(props));
    this.collector = props.collector;
  }

  public token({ scope, name, identity }: Parameters<ICondorPool['token']>[0]): SecretRef {
    const { tokens } = this.props;
    const given = tokens.find((token) => token.identity === identity);
    if (given === undefined) {
      const known = tokens.map((token) => token.identity).join(', ');
      rejectInvalid(this, [
        `'tokens' has none for '${identity}' (only ${known}); ask the pool's people for one and add it`,
      ]);
      return { name, key: TOKEN };
    }
    if ('secret' in given) {
      const wanted = namespaceOf(scope);
      rejectInvalid(
        this,
        wanted === given.namespace
          ? []
          : [
              `'tokens' for '${identity}' is a Secret of namespace '${given.namespace}', and '${wanted}' cannot read it; give it as a 'setting'`,
            ],
      );
      return given.secret;
    }
    kubeObject(scope, `Token-${name}`, 'Secret', {
      metadata: {
        name,
        labels: labelsOf({
          name: 'htcondor',
          instance: this.node.id.toLowerCase(),
          component: 'token',
          partOf: 'batch',
        }),
      },
      type: 'Opaque',
      stringData: { [TOKEN]: secretToken(secretFromConfig(given.setting)) },
    });
    return { name, key: TOKEN };
  }
}

function existingProblems({ collector, domain, tokens }: ExistingCondorPoolProps): string[] {
  const identities = tokens.map(({ identity }) => identity);
  return [
    ...(/^[A-Za-z0-9.-]+:\d{1,5}$/.test(collector)
      ? []
      : [`'collector' must be host:port such as 'cm.example.org:9618', got '${collector}'`]),
    ...domainProblems(domain),
    ...(tokens.length > 0
      ? []
      : [`'tokens' must have one at least, as a pool takes jobs from nobody without, got none`]),
    ...identities
      .filter((identity) => !/^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$/.test(identity))
      .map(
        (identity) => `'tokens' must be of identities such as 'hub@${domain}', got '${identity}'`,
      ),
    ...identities
      .filter((identity, index) => identities.indexOf(identity) !== index)
      .map((identity) => `'tokens' must be of one identity each, got '${identity}' twice`),
  ];
}
