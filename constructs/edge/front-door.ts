import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';

import type { IIngress, RouteRequest } from '../contracts';
import { namespaceOf } from '../kit/objects';
import { backendOf, type Backend } from './backend';
import { findExpiry, type Certificates } from './certificates';
import type { FrontDoorProps } from './front-door-props';
import { rejectRoute, routeProblems } from './route-problems';
import { routeTableOf } from './route-table';

/** What every front door does with a route, whatever it makes of it: checks it, notes it, and has it published. */
export abstract class FrontDoor extends Construct implements IIngress {
  protected readonly internalNetworks: readonly string[];
  protected readonly certificates: Certificates;
  private readonly wildcards: readonly string[];

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    routeTableOf(this); // from now on, also objects that nobody asked it for are looked at
    this.internalNetworks = props.internalNetworks ?? [];
    this.wildcards = props.wildcards ?? [];
    this.certificates = props.certificates ?? { kind: 'own' };
    if (this.certificates.kind === 'given') {
      findExpiry(this, 'the given certificate', this.certificates.chain);
    }
  }

  public route(request: RouteRequest): void {
    const table = routeTableOf(this);
    const backend = backendOf(request);
    rejectRoute(request, [
      ...routeProblems(request, {
        internalNetworks: this.internalNetworks.length,
        wildcards: this.wildcards,
        certificates: this.certificates,
        takenBy: table.takenBy(request),
        backend,
      }),
      ...this.problemsOf(request),
    ]);
    if (backend === undefined) return; // rejected above
    table.claim(request);
    this.checkSecrets(request);
    this.publish(request, backend);
  }

  public serves(url: string): boolean {
    return routeTableOf(this).serves(url);
  }

  /** What this front door cannot do for the route, one message each. */
  protected abstract problemsOf(request: RouteRequest): string[];

  /** Adds the objects of a route. */
  protected abstract publish(request: RouteRequest, backend: Backend): void;

  /** The Secrets that a route names must be made in its chart, or be known to come from elsewhere. */
  private checkSecrets({ scope, name, tls, guards }: RouteRequest): void {
    const own = tls === undefined || tls.mode === 'passthrough' ? undefined : tls.certificate;
    if (own?.publicPart !== undefined) {
      findExpiry(scope, `the certificate '${own.secret}' of the route '${name}'`, own.publicPart);
    }
    const named = [
      ...(own === undefined || own.publicPart !== undefined ? [] : [own.secret]),
      ...(guards?.login?.kind === 'basic' ? [guards.login.secret] : []),
    ];
    scope.node.addValidation({
      validate: () =>
        named
          .filter((secret) => !makesSecret(scope, secret))
          .map(
            (secret) =>
              `the route '${name}' names the Secret '${secret}', which nobody makes in the namespace '${namespaceOf(scope)}'; ` +
              `make it there${secret === own?.secret ? ELSEWHERE : ''}`,
          ),
    });
  }
}

const ELSEWHERE = ", or give 'tls.certificate.publicPart' if somebody else does";

/** A cert-manager Certificate makes its Secret as surely as the object itself does. */
function makesSecret(scope: Construct, name: string): boolean {
  const namespace = namespaceOf(scope);
  return scope.node.root.node.findAll().some((construct) => {
    if (!ApiObject.isApiObject(construct)) return false;
    if (Chart.of(construct).namespace !== namespace && construct.metadata.namespace !== namespace)
      return false;
    if (construct.kind === 'Secret') return construct.name === name;
    if (construct.kind !== 'Certificate') return false;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
    const rendered: { readonly spec?: { readonly secretName?: unknown } } = construct.toJson();
    return rendered.spec?.secretName === name;
  });
}
