import type { FrontendGroup, GlideinFrontendProps, Server } from './frontend-props';

/** Everything that is wrong with a frontend's props. */
export function frontendProblems(props: GlideinFrontendProps): string[] {
  const { name, image, consent, vo, web, storage } = props;
  return [
    ...(NAME.test(name) ? [] : [`'name' must be letters, digits, '.', '_' and '-', got '${name}'`]),
    ...(/(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image)
      ? []
      : [`'image' must have an exact tag or a digest, got '${image}'; its published tags move`]),
    ...(consent.trim() === ''
      ? [`'consent' must say why the pod may be root and who agreed, got ''`]
      : []),
    ...(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(vo.name)
      ? []
      : [`'vo.name' must be a VO such as 'cms' or 'dune.org', got '${vo.name}'`]),
    ...fqanProblems(vo),
    ...listProblems(props),
    ...props.factories.flatMap(({ identity, ours }) =>
      [identity, ours]
        .filter((each) => !/^[\w.-]+@[\w.-]+$/.test(each))
        .map(
          (each) =>
            `'factories' must have identities such as 'gfactory@factory.example.org', got '${each}'`,
        ),
    ),
    ...(isSubject(props.proxy.dn)
      ? []
      : [`'proxy.dn' must be a subject such as '/DC=org/CN=frontend', got '${props.proxy.dn}'`]),
    ...secretProblems(props),
    ...groupProblems(props.groups),
    ...(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(web.host)
      ? []
      : [`'web.host' must be a host name such as 'glidein.example.org', got '${web.host}'`]),
    ...(storage.sizeGiB > 0 ? [] : [`'storage.sizeGiB' must be above 0, got '${storage.sizeGiB}'`]),
  ];
}

const NAME = /^[A-Za-z0-9._-]+$/;

function isSubject(dn: string): boolean {
  return /^(\/[A-Za-z]+=[^/]+)+$/.test(dn);
}

function fqanProblems({ name, fqan }: GlideinFrontendProps['vo']): string[] {
  return /^(\/[\w.-]+)+(\/Role=[\w.-]+)?(\/Capability=[\w.-]+)?$/.test(fqan) &&
    fqan.split('/')[1] === name
    ? []
    : [
        `'vo.fqan' must be an attribute of the VO such as '/${name}/Role=pilot/Capability=NULL', got '${fqan}'`,
      ];
}

function listProblems(props: GlideinFrontendProps): string[] {
  const { factories, collectors, schedds } = props;
  const lists: Readonly<Record<string, readonly Server[]>> = { factories, collectors, schedds };
  return Object.entries(lists).flatMap(([list, servers]) => [
    ...(servers.length > 0 ? [] : [`'${list}' must have one at least, got none`]),
    ...servers
      .filter(({ name }) => !/^[\w.@-]+(:\d+)?$/.test(name))
      .map(({ name }) => `'${list}' must have names such as 'host.example.org', got '${name}'`),
    ...servers
      .filter(({ dn }) => !isSubject(dn))
      .map(
        ({ name, dn }) =>
          `'${list}' '${name}' must have a subject such as '/DC=org/CN=host', got '${dn}'`,
      ),
  ]);
}

function secretProblems({ proxy, vo, tokens }: GlideinFrontendProps): string[] {
  const files = {
    'proxy.certificate': proxy.certificate,
    'proxy.key': proxy.key,
    'vo.pilot.certificate': vo.pilot.certificate,
    'vo.pilot.key': vo.pilot.key,
    'vo.signer.certificate': vo.signer.certificate,
    'vo.signer.key': vo.signer.key,
  };
  return [
    ...Object.entries(files)
      .filter(([, { name, key }]) => name === '' || key === '')
      .map(
        ([prop, { name, key }]) =>
          `'${prop}' must name a Secret and a key in it, got '${name}' and '${key}': without a proxy no factory answers`,
      ),
    ...(tokens.length > 0
      ? []
      : [`'tokens' must have one at least, as collectors take tokens only, got none`]),
  ];
}

function groupProblems(groups: readonly FrontendGroup[]): string[] {
  const names = groups.map(({ name }) => name);
  return [
    ...(groups.length > 0
      ? []
      : [`'groups' must have one at least, or nothing is ever asked for, got none`]),
    ...names
      .filter((name) => !NAME.test(name))
      .map(
        (name) => `'groups' must have names of letters, digits, '.', '_' and '-', got '${name}'`,
      ),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `'groups' must have different names, got '${name}' twice`),
    ...groups.flatMap(({ name, sites, running, idle = 1, memoryMB = 1 }) => [
      ...(sites.length > 0
        ? []
        : [`'groups' '${name}' must have entries to ask: name its 'sites', got none`]),
      ...sites
        .filter((site) => !NAME.test(site))
        .map((site) => `'groups' '${name}' must have sites by their GLIDEIN_Site, got '${site}'`),
      ...[running, idle, memoryMB]
        .filter((value) => !Number.isInteger(value) || value < 1)
        .map(
          (value) =>
            `'groups' '${name}' must have limits that are whole numbers from 1, got '${value}'`,
        ),
    ]),
  ];
}
