import { stringify } from 'yaml';

import { loginProvider } from './environment';
import type { ReanaSite } from './reana-site';

/** `ui-config.yaml`, which the server hands to the user interface. */
export function uiConfig(site: ReanaSite): string {
  const { login, admin } = site.props;
  return stringify({
    admin_email: admin.email,
    announcement: null,
    cern_sso: false,
    chat_url: null,
    client_pyvenv: null,
    docs_url: 'https://docs.reana.io',
    file_preview_size_limit: 5 * 1024 ** 2,
    forum_url: 'https://forum.reana.io',
    hide_signup: !site.registrationOpen,
    launcher_examples: [],
    local_users: login === undefined,
    login_provider_config: login === undefined ? [] : [loginProvider(login)],
    maximum_interactive_session_inactivity_period: site.sessions?.inactiveDays ?? null,
    polling_secs: 15,
    privacy_notice_url: null,
    quota_enabled: true,
    user_confirmation: site.mail !== undefined,
  });
}

/** `uwsgi.ini` of the server: the values of upstream's chart, with fewer processes, as each takes some 250 MB. */
export function uwsgiConfig(): string {
  return [
    '[uwsgi]',
    'module = invenio_app.wsgi:application',
    'http = 0.0.0.0:5000',
    'http-keepalive = 1',
    'stats = /tmp/stats.socket',
    'master = true',
    'processes = 4',
    'threads = 4',
    'enable-threads = true',
    'single-interpreter = true',
    'need-app = true',
    'lazy-apps = true',
    'vacuum = true',
    'die-on-term = true',
    'buffer-size = 10240',
    'post-buffering = true',
    'wsgi-disable-file-wrapper = true',
    'max-fd = 1048576',
    'max-requests = 1999',
    'max-requests-delta = 149',
    'reload-on-rss = 250',
    'log-4xx = true',
    'log-5xx = true',
    '',
  ].join('\n');
}
