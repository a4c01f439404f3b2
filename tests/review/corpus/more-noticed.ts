import { change, type Case } from './case';
import { C, edit, edited, T } from './edit';
import { cm, crb, deploy, ds, job, pv, pvcPv, sa, secret, svc } from './facility';

/** Changes that somebody notices, and that undo themselves or cost little: medium, or low where only a program knows. */
export const NOTICED: readonly Case[] = [
  edit('pv class', pv, 'spec/storageClassName', 'other', [pvcPv]),
  edit('deploy image latest', deploy, `${C}/image`, 'registry.example.org/web:latest', [svc]),
  edit('deploy drop removed', deploy, `${C}/securityContext/capabilities`, undefined, [svc]),
  edit('deploy automount token', deploy, `${T}/automountServiceAccountToken`, true, [svc]),
  edit('deploy Recreate', deploy, 'spec/strategy', { type: 'Recreate' }, [svc]),
  edit('deploy nodeSelector unmatched', deploy, `${T}/nodeSelector`, { gpu: 'yes' }, [svc]),
  change('deploy deleted with service', [deploy, svc], []),
  edit('secret immutable', secret, 'immutable', true),
  edit('secret type', secret, 'type', 'kubernetes.io/basic-auth'),
  edit('immutable cm changed', edited(cm, 'immutable', true), 'data/app.yaml', 'a: 2', [
    edited(deploy, `${T}/volumes/0`, { name: 'tmp', configMap: { name: 'conf' } }),
  ]),
  edit(
    'job template image',
    job,
    'spec/template/spec/containers/0/image',
    'registry.example.org/setup:2',
  ),
  edit('ds OnDelete', ds, 'spec/updateStrategy', { type: 'OnDelete' }),
  edit('readiness removed', deploy, `${C}/readinessProbe`, undefined, [svc]),
  edit('sa automount true', sa, 'automountServiceAccountToken', true, [
    edited(deploy, `${T}/automountServiceAccountToken`, undefined),
    crb,
  ]),
  edit('hostAliases', deploy, `${T}/hostAliases`, [{ ip: '192.0.2.5', hostnames: ['db'] }], [svc]),
  edit('shareProcessNamespace', deploy, `${T}/shareProcessNamespace`, true, [svc]),
  edit('hostUsers true', edited(deploy, `${T}/hostUsers`, false), `${T}/hostUsers`, true, [svc]),
  edit('tolerations control-plane', deploy, `${T}/tolerations`, [{ operator: 'Exists' }], [svc]),
];
