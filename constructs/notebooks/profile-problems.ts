import { imageProblems } from '../kit/image-rules';
import { unknownGroups } from '../kit/known-groups';
import { mountProblems } from '../kit/mounted-share';
import { spanProblems } from '../kit/span';
import type { JupyterHubProps } from './hub-props';
import type { GpuLayout, NotebookProfile, ProfileGpu } from './profile';

/** What is wrong with the profiles of a hub, each alone and against what the site has. */
export function profileProblems(props: JupyterHubProps): string[] {
  const { profiles } = props;
  const names = profiles.map(({ name }) => name);
  return [
    ...(profiles.length > 0 ? [] : [`'profiles' must list at least one, got none`]),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `'profiles' has two with the name '${name}'; rename one`),
    ...profiles.flatMap((profile) =>
      [
        ...nameProblems(profile),
        ...imageProblems(profile.image, props.registries),
        ...spanProblems('cpu', profile.cpu),
        ...spanProblems('memoryGiB', profile.memoryGiB),
        ...gpuProblems(profile.gpu, props.gpus),
        ...shareProblems(profile, props.userNamespaces ?? false),
        ...groupProblems(profile.groups, props),
      ].map((problem) => `profile '${profile.name}': ${problem}`),
    ),
  ];
}

/** What is wrong with the groups that something is for; `undefined` is everybody. */
export function groupProblems(
  groups: readonly string[] | undefined,
  { identity }: JupyterHubProps,
): string[] {
  if (groups?.length === 0)
    return [`'groups' is empty, so nobody would be let in; leave it out for everybody`];
  return unknownGroups(groups ?? [], identity);
}

function nameProblems({ name }: NotebookProfile): string[] {
  return /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)
    ? []
    : [`'name' must be lower-case letters, digits and '-', at most 40, got '${name}'`];
}

function gpuProblems(gpu: ProfileGpu | undefined, layout: GpuLayout | undefined): string[] {
  if (gpu === undefined) return [];
  if (!Number.isInteger(gpu.count) || gpu.count < 1)
    return [`'gpu.count' must be a whole number from 1, got '${gpu.count}'`];
  if (layout === undefined)
    return [
      `'gpu' needs the hub's 'gpus', which say what the nodes have; describe them, or leave it out`,
    ];
  const { slices = {}, perNode } = layout;
  const cut = Object.keys(slices);
  switch (gpu.kind) {
    case 'whole':
      if (cut.length > 0)
        return [
          `'gpu' asks for whole ones, but 'gpus.slices' cuts them into ${cut.join(', ')}; ask for slices`,
        ];
      return gpu.count <= perNode
        ? []
        : [`'gpu.count' must be at most the ${perNode} of a node, got '${gpu.count}'`];
    case 'slices': {
      const there = (slices[gpu.slice] ?? 0) * perNode;
      if (there === 0)
        return [
          `'gpu.slice' must be one of 'gpus.slices', ${cut.length === 0 ? 'which has none' : cut.join(', ')}, got '${gpu.slice}'`,
        ];
      return gpu.count <= there
        ? []
        : [
            `'gpu.count' must be at most the ${there} slices '${gpu.slice}' of a node, got '${gpu.count}'`,
          ];
    }
  }
}

function shareProblems({ shares = [] }: NotebookProfile, userNamespaces: boolean): string[] {
  return [
    ...mountProblems(shares),
    ...(userNamespaces
      ? shares
          .filter(({ share }) => !share.userNamespaces)
          .map(
            ({ share }) =>
              `share '${share.claimName}' cannot be mounted with 'userNamespaces': NFS has no ID-mapped mounts; leave 'userNamespaces' out, or take the share away`,
          )
      : []),
  ];
}
