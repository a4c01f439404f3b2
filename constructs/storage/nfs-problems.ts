import { hostProblems, pathProblems } from './names';
import { nfsOptionProblems } from './nfs-mount';
import type { NfsProvisionerProps } from './nfs-provisioner-props';

const CLASS_NAME = /^[a-z0-9]([a-z0-9-]{0,41}[a-z0-9])?$/;
const PLACEHOLDER = /\$\{\.PVC\.([^}]*)\}/g;

/** What is wrong with the props, one message each. */
export function problemsIn(props: NfsProvisionerProps): string[] {
  const { server, path, className, owner, replicas } = props;
  return [
    ...hostProblems('server', server),
    ...pathProblems('path', path),
    ...(CLASS_NAME.test(className)
      ? []
      : [`'className' must be lower-case letters, digits and '-', at most 43, got '${className}'`]),
    ...(owner === undefined || (Number.isInteger(owner) && owner > 0)
      ? []
      : [
          `'owner' must be a UID above 0, got '${owner}'; give the exported directory to another user than root`,
        ]),
    ...(replicas === undefined || (Number.isInteger(replicas) && replicas > 0)
      ? []
      : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
    ...nfsOptionProblems(props),
    ...patternProblems(props),
  ];
}

/**
 * The program finds the directory of a deleted claim by the last segment of its path alone: under a pattern it would
 * archive another directory of that name, or none. Annotations may hold '../', so that users could write where they
 * please. See https://github.com/kubernetes-sigs/nfs-subdir-external-provisioner/issues/272
 */
function patternProblems({ pathPattern, deletedClaims }: NfsProvisionerProps): string[] {
  if (pathPattern === undefined) return [];
  const fields = Array.from(pathPattern.matchAll(PLACEHOLDER), ([, field]) => field ?? '');
  return [
    ...(deletedClaims === 'retain'
      ? []
      : [
          `'pathPattern' needs deletedClaims 'retain', got '${deletedClaims ?? 'archive'}': ` +
            `the provisioner would archive the wrong directory`,
        ]),
    ...fields.flatMap((field) =>
      /^(name|namespace|labels\.[^}]+)$/.test(field)
        ? []
        : [`'pathPattern' must be made of namespace, name and labels, got '\${.PVC.${field}}'`],
    ),
    ...(fields.includes('namespace') && fields.includes('name')
      ? []
      : [
          `'pathPattern' must hold \${.PVC.namespace} and \${.PVC.name}, so that claims do not share files, got '${pathPattern}'`,
        ]),
    ...(pathPattern.split('/').includes('..')
      ? [`'pathPattern' must not leave the exported directory, got '${pathPattern}'`]
      : []),
  ];
}
