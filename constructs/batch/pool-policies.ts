import type { Construct } from 'constructs';

import { allow, podsOf, type Traffic } from '../kit/network';
import { CONDOR_PORT, PARTS } from './parts';
import type { HtcondorPoolProps } from './pool-props';

/** Opens port 9618 between the parts, and for those that jobs come from. Nobody connects to an execute pod. */
export function addPoolPolicies(scope: Construct, props: HtcondorPoolProps): void {
  const { manager, submit, execute } = PARTS;
  const to = (...parts: readonly (typeof manager)[]): Traffic => ({
    peers: parts.map((part) => podsOf(part)),
    ports: [CONDOR_PORT],
  });
  const everybody = to(manager, submit, execute);
  const from: Traffic = {
    ...everybody,
    peers: [...(everybody.peers === 'anyone' ? [] : everybody.peers), ...(props.submitters ?? [])],
  };
  allow(scope, 'AllowManager', {
    name: 'condor-manager',
    part: manager,
    from: [from],
    to: [to(manager, submit)],
  });
  allow(scope, 'AllowSubmit', {
    name: 'condor-submit',
    part: submit,
    from: [from],
    to: [to(manager, submit)],
  });
  const outgoing = props.execute.outgoing ?? [];
  allow(scope, 'AllowExecute', {
    name: 'condor-execute',
    part: execute,
    to: [
      to(manager, submit),
      ...(outgoing.length === 0 ? [] : [{ peers: outgoing, ports: 'any' } as const]),
    ],
  });
}
