import type { Construct } from 'constructs';

import type { Login } from '../contracts';
import { imagePattern } from '../kit/image-rules';
import { resolveImage } from '../kit/images';
import { databaseUrl } from './hub-database';
import type { JupyterHubProps, Traitlets } from './hub-props';
import type { NotebookProfile } from './profile';
import { profileOverride, profileText, sessionTraitlets } from './session-pods';

/** Ports of the hub and of its proxy. */
export const HUB_PORTS = { hub: 8081, proxy: 8000, proxyApi: 8001 } as const;

/** Where the browser comes back to after it logged in. */
export function callbackOf(host: string): string {
  return `https://${host}/hub/oauth_callback`;
}

/** What `settings.json` says to the hub's program. Nothing in it is secret. */
export function hubSettings(scope: Construct, props: JupyterHubProps, login: Login): object {
  return {
    traitlets: merged(baseTraitlets(scope, props, login), props.traitlets ?? {}),
    login: loginFacts(login),
    groups: props.groups ?? [],
    admins: { groups: props.identity.admins.groups },
    culler: cullerArguments(props),
    profiles: props.profiles.map((profile) => ({
      groups: profile.groups ?? [],
      spawner: {
        slug: profile.name,
        ...profileText(profile),
        kubespawner_override: profileOverride(scope, props, profile),
        ...customImage(scope, props, profile),
      },
    })),
  };
}

function baseTraitlets(scope: Construct, props: JupyterHubProps, login: Login): Traitlets {
  const { sessions = {}, announcement } = props;
  const perUser = sessions.perUser ?? 1;
  return {
    JupyterHub: {
      hub_bind_url: `http://:${HUB_PORTS.hub}`,
      hub_connect_url: `http://hub:${HUB_PORTS.hub}`,
      db_url: databaseUrl(props.database),
      cleanup_servers: false, // sessions outlive a restart of the hub
      last_activity_interval: 60,
      tornado_settings: { slow_spawn_timeout: 0 },
      // Of 500 people who came within a minute, JupyterHub's own limit of 100 refused 303; a start that waits costs it next to nothing.
      concurrent_spawn_limit: 0,
      // The first session has no name, so the limit counts the others.
      allow_named_servers: perUser > 1,
      named_server_limit_per_user: perUser - 1,
      ...(announcement === undefined ? {} : { template_vars: { announcement } }),
      load_roles: ROLES,
    },
    ConfigurableHTTPProxy: {
      api_url: `http://proxy-api:${HUB_PORTS.proxyApi}`,
      should_start: false,
    },
    Authenticator: {
      admin_users: props.identity.admins.users,
      allow_all: props.groups === undefined,
      allow_existing_users: false,
    },
    KubeSpawner: sessionTraitlets(scope, props),
    ...authenticatorTraitlets(props, login),
  };
}

/** What the culler and Prometheus may do, and nothing more. */
const ROLES = [
  {
    name: 'culler',
    services: ['culler'],
    scopes: ['list:users', 'read:users:activity', 'read:servers', 'delete:servers'],
  },
  { name: 'metrics', services: ['metrics'], scopes: ['read:metrics'] },
] as const;

function cullerArguments({ sessions = {} }: JupyterHubProps): string[] {
  const { idleMinutes = 60, longestHours } = sessions;
  const seconds = Math.round(idleMinutes * 60);
  return [
    `--url=http://localhost:${HUB_PORTS.hub}/hub/api`,
    `--timeout=${seconds}`,
    `--cull-every=${Math.min(600, Math.max(60, Math.round(seconds / 2)))}`,
    '--concurrency=10',
    ...(longestHours === undefined ? [] : [`--max-age=${Math.round(longestHours * 3600)}`]),
  ];
}

/** Python's `ssl.CERT_REQUIRED`. */
const CERT_REQUIRED = 2;

function authenticatorTraitlets({ host }: JupyterHubProps, login: Login): Traitlets {
  switch (login.kind) {
    case 'oidc':
      return {
        GenericOAuthenticator: {
          client_id: login.clientId,
          authorize_url: login.endpoints.authorize,
          token_url: login.endpoints.token,
          userdata_url: login.endpoints.userinfo,
          oauth_callback_url: callbackOf(host),
          login_service: login.title,
          scope: login.scopes,
          username_claim: login.usernameClaim,
          // A crowd keeps the hub too busy to read the provider's answer in tornado's 20 s.
          http_request_kwargs: { connect_timeout: 60, request_timeout: 60 },
        },
      };
    case 'ldap': {
      const [, scheme = 'ldaps', server = '', port] =
        /^(ldaps?):\/\/([^:/]+)(?::(\d+))?/.exec(login.url) ?? [];
      const { base, filter, attribute } = login.users;
      return {
        DirectoryAuthenticator: {
          server_address: server,
          server_port: Number(port ?? (scheme === 'ldaps' ? 636 : 389)),
          tls_strategy: scheme === 'ldaps' ? 'on_connect' : 'before_bind',
          tls_kwargs: {
            // ldap3 checks nothing unless told to.
            validate: CERT_REQUIRED,
            ...(login.authorities === undefined ? {} : { ca_certs_data: login.authorities }),
          },
          lookup_dn: true,
          lookup_dn_search_filter: `(&${filter}({login_attr}={login}))`,
          lookup_dn_search_user: login.bind?.dn ?? '',
          lookup_dn_user_dn_attribute: attribute,
          user_search_base: base,
          user_attribute: attribute,
        },
      };
    }
  }
}

function loginFacts(login: Login): object {
  switch (login.kind) {
    case 'oidc':
      return { kind: login.kind, groupsClaim: login.groupsClaim ?? '' };
    case 'ldap':
      return { kind: login.kind, groupSearch: login.groupSearch };
  }
}

/** A field for an image of one's own. KubeSpawner checks it again when the API is asked, so the list of registries holds there, too. */
function customImage(
  scope: Construct,
  { registries }: JupyterHubProps,
  profile: NotebookProfile,
): object {
  if (profile.customImage !== true) return {};
  const image = resolveImage(scope, profile.image);
  return {
    profile_options: {
      image: {
        display_name: 'Image',
        choices: {
          profile: { display_name: profile.image, kubespawner_override: { image } },
        },
        unlisted_choice: {
          enabled: true,
          display_name: 'Image of your own',
          validation_regex: imagePattern(registries),
          validation_message: `An image with an exact tag or digest from ${registries.join(', ')}`,
          kubespawner_override: { image: '{value}' },
        },
      },
    },
  };
}

function merged(base: Traitlets, more: Traitlets): Traitlets {
  const names = [...new Set([...Object.keys(base), ...Object.keys(more)])];
  return Object.fromEntries(names.map((name) => [name, { ...base[name], ...more[name] }]));
}
