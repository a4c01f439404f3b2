import { create } from 'xmlbuilder2';

import type { FrontendGroup, GlideinFrontendProps, Server } from './frontend-props';

/** Where the image keeps things: `vo-frontend/supervisor.d` of opensciencegrid/images, `frontend.xml` and `proxies.ini` of GlideinWMS' package. */
export const FRONTEND_PATHS = {
  config: '/etc/gwms-frontend/frontend.xml.base',
  proxies: '/etc/gwms-frontend/proxies.ini',
  certificates: '/etc/beamline-glidein',
  tokens: '/etc/beamline-glidein-tokens',
  home: '/var/lib/gwms-frontend',
  logs: '/var/log/gwms-frontend',
} as const;

/** Where the renewed proxies are written. */
const PROXY = `${FRONTEND_PATHS.home}/proxies/frontend.proxy`;
const PILOT = `${FRONTEND_PATHS.home}/proxies/pilot.proxy`;

type Element = { readonly [name: string]: Element | readonly Element[] | string };

/**
 * The frontend's configuration. Elements and attributes are those that `creation/lib/cvWParams.py` of GlideinWMS 3.11 knows
 * (efdc530a56f6); an XML library writes it, so that no name of the site is ever read as markup.
 */
export function frontendXml(props: GlideinFrontendProps): string {
  const { name, factories, schedds, proxy, vo, web, groups, collectors } = props;
  const web_base_url = `http://${web.host}/vofrontend/stage`;
  const root: Element = {
    '@advertise_delay': '5',
    '@frontend_name': name,
    '@loop_delay': '60',
    '@advertise_with_multiple': 'True',
    '@advertise_with_tcp': 'True',
    '@frontend_monitor_index_page': 'True',
    '@frontend_versioning': 'False',
    '@enable_attribute_expansion': 'False',
    log_retention: { process_logs: { process_log: [log('info', 'INFO'), log('err', ERRORS)] } },
    match: {
      '@match_expr': 'True',
      '@start_expr': 'True',
      factory: {
        '@query_expr': memberOf([vo.name], 'GLIDEIN_Supported_VOs'),
        match_attrs: {},
        collectors: {
          collector: factories.map((factory) => ({
            '@DN': factory.dn,
            '@factory_identity': factory.identity,
            '@my_identity': factory.ours,
            '@node': factory.name,
          })),
        },
      },
      job: {
        '@query_expr': '(JobUniverse==5)&&(GLIDEIN_Is_Monitor =!= TRUE)&&(JOB_Is_Monitor =!= TRUE)',
        match_attrs: {},
        schedds: { schedd: schedds.map((each) => ({ '@DN': each.dn, '@fullname': each.name })) },
      },
    },
    monitor: {
      '@base_dir': `${FRONTEND_PATHS.home}/web-area/monitor`,
      '@flot_dir': '/usr/share/javascriptrrd/flot',
      '@javascriptRRD_dir': '/usr/share/javascriptrrd/js',
      '@jquery_dir': '/usr/share/javascriptrrd/flot',
    },
    security: {
      '@classad_proxy': PROXY,
      '@proxy_DN': proxy.dn,
      '@proxy_selection_plugin': 'ProxyAll',
      '@security_name': name,
      '@sym_key': 'aes_256_cbc',
      credentials: {
        credential: {
          '@absfname': PILOT,
          '@security_class': 'frontend',
          '@trust_domain': 'grid',
          '@type': 'grid_proxy',
        },
      },
    },
    stage: {
      '@base_dir': `${FRONTEND_PATHS.home}/web-area/stage`,
      '@use_symlink': 'True',
      '@web_base_url': web_base_url,
    },
    work: {
      '@base_dir': `${FRONTEND_PATHS.home}/vofrontend`,
      '@base_log_dir': FRONTEND_PATHS.logs,
    },
    attrs: {
      attr: [attribute('GLIDEIN_Expose_Grid_Env', true), attribute('USE_MATCH_AUTH', false)],
    },
    groups: { group: groups.map(groupOf) },
    collectors: { collector: collectors.map(collectorOf) },
    files: {},
  };
  return `${create({ encoding: 'UTF-8' }, { frontend: root }).end({ prettyPrint: true })}\n`;
}

/** What the image's cron job renews proxies by. */
export function proxiesIni({ vo }: GlideinFrontendProps): string {
  const file = (name: string): string => `${FRONTEND_PATHS.certificates}/${name}.pem`;
  return [
    '[COMMON]',
    'owner = frontend',
    '[FRONTEND]',
    `proxy_cert = ${file('frontend-cert')}`,
    `proxy_key = ${file('frontend-key')}`,
    `output = ${PROXY}`,
    `[PILOT ${vo.name}]`,
    `proxy_cert = ${file('pilot-cert')}`,
    `proxy_key = ${file('pilot-key')}`,
    `vo = ${vo.name}`,
    `vo_cert = ${file('voms-cert')}`,
    `vo_key = ${file('voms-key')}`,
    `fqan = ${vo.fqan}`,
    `output = ${PILOT}`,
    '',
  ].join('\n');
}

const ERRORS = 'DEBUG,ERR,WARN,EXCEPTION';

function log(extension: string, types: string): Element {
  return {
    '@extension': extension,
    '@max_days': '7.0',
    '@max_mbytes': '100.0',
    '@min_days': '3.0',
    '@msg_types': types,
  };
}

function attribute(name: string, published: boolean): Element {
  return {
    '@name': name,
    '@glidein_publish': published ? 'True' : 'False',
    '@job_publish': published ? 'True' : 'False',
    '@parameter': published ? 'False' : 'True',
    '@type': 'string',
    '@value': 'True',
  };
}

function groupOf({
  name,
  sites,
  jobs,
  running,
  idle = 100,
  memoryMB = 2500,
}: FrontendGroup): Element {
  return {
    '@name': name,
    '@enabled': 'True',
    config: {
      idle_glideins_per_entry: { '@max': String(idle), '@reserve': '5' },
      idle_vms_per_entry: { '@curb': '5', '@max': String(idle) },
      partitionable_glidein: { '@min_memory': String(memoryMB) },
      running_glideins_per_entry: { '@max': String(running), '@relative_to_queue': '1.15' },
    },
    match: {
      '@match_expr': 'True',
      '@start_expr': 'True',
      factory: {
        '@query_expr': sites.map((site) => `(GLIDEIN_Site =?= "${site}")`).join(' || '),
        match_attrs: {},
        collectors: {},
      },
      job: { '@query_expr': jobs ?? 'True', match_attrs: {}, schedds: {} },
    },
    security: { credentials: {} },
    attrs: {},
    files: {},
  };
}

function collectorOf({ name, dn }: Server): Element {
  return { '@DN': dn, '@group': 'default', '@node': name, '@secondary': 'False' };
}

function memberOf(values: readonly string[], attributeName: string): string {
  return values.map((value) => `stringListMember("${value}", ${attributeName})`).join(' || ');
}
