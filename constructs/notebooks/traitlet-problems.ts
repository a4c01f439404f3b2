import type { Traitlets } from './hub-props';

/** What keeps sessions apart and unprivileged, and what other fields decide. */
const SPAWNER = [
  'profile_list',
  'image',
  'namespace',
  'enable_user_namespaces',
  'uid',
  'gid',
  'fs_gid',
  'supplemental_gids',
  'privileged',
  'allow_privilege_escalation',
  'container_security_context',
  'pod_security_context',
  'service_account',
  'automount_service_account_token',
  'extra_pod_config',
  'extra_container_config',
  'extra_containers',
  'init_containers',
  'volumes',
  'volume_mounts',
  'cmd',
  'modify_pod_hook',
  'pre_spawn_hook',
  'pod_name_template',
  'pvc_name_template',
  'storage_pvc_ensure',
  'delete_pvc',
  'extra_labels',
  'port',
  'options_form',
  'options_from_form',
  'apply_user_options',
];

const HUB = [
  'authenticator_class',
  'spawner_class',
  'db_url',
  'cookie_secret',
  'services',
  'load_roles',
  'load_groups',
  'api_tokens',
  'service_tokens',
  'authenticate_prometheus',
  'allow_named_servers',
  'named_server_limit_per_user',
];

/** Traitlets that go around the props of a hub. */
export function traitletProblems(traitlets: Traitlets): string[] {
  return Object.entries(traitlets).flatMap(([name, traits]) => {
    const decided = decidedOf(name);
    return Object.keys(traits)
      .filter((trait) => decided === 'all' || decided.includes(trait))
      .map(
        (trait) =>
          `'traitlets.${name}.${trait}' is decided by the hub's other props; use these, as a traitlet would go around their checks`,
      );
  });
}

/** A traitlet of a class counts for the classes made from it, and the other way round for those that we run: by any name it is the same. */
function decidedOf(name: string): readonly string[] | 'all' {
  if (/Authenticator$/.test(name)) return 'all';
  if (/Spawner$/.test(name)) return SPAWNER;
  switch (name) {
    case 'JupyterHub':
      return HUB;
    case 'ConfigurableHTTPProxy':
    case 'Proxy':
    case 'CryptKeeper':
      return 'all';
    default:
      return [];
  }
}
