import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

interface ClaimObject {
  readonly metadata: {
    /** @default - none */
    readonly namespace?: string;
  };
  /** @default - none */
  readonly spec?: {
    /** @default - none */
    readonly accessModes?: readonly string[];
  };
}

/**
 * What is wrong with a claim that several servers keep their maps of inodes on. A share does not say who can mount it, so the
 * claim itself is looked at, wherever in the tree it stands; one that is made elsewhere cannot be.
 */
export function sharedMapsProblems(
  root: IConstruct,
  namespace: string,
  claimName: string,
): string[] {
  return root.node.findAll().flatMap((construct) => {
    if (!ApiObject.isApiObject(construct) || construct.kind !== 'PersistentVolumeClaim') return [];
    if (construct.name !== claimName) return [];
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
    const { metadata, spec }: ClaimObject = construct.toJson();
    const modes = spec?.accessModes ?? [];
    return metadata.namespace !== namespace || modes.includes('ReadWriteMany')
      ? []
      : [
          `'maps.share' must be a claim that many nodes can write to (ReadWriteMany), got '${claimName}' with ${modes.join(', ')}: a second server would not start, or keep maps of its own; claim it with 'ReadWriteMany'`,
        ];
  });
}
