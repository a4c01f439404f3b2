import type { UpstreamPin } from '../../constructs/kit/upstream';

const VERSION = 'v0.85.0';

/** The definitions of the Prometheus operator that Beamline's constructs make objects of. OKD comes with the operator. */
export const MONITORING_CRD_PINS: readonly UpstreamPin[] = [
  pin('servicemonitors', '1dae27b7189b5ce7b9ab764656c18b4c75a45cde1e6f3af6a5e84c4317628919'),
  pin('podmonitors', '8ce88c52c51209993511cae093089c9525f5552def88119e3f559123ee9d454b'),
  pin('prometheusrules', '98fd16c9ab79fba8dcd6ef62c957c98cd6546ab74ce0a4ecf09ddf2fda03020e'),
];

function pin(plural: string, sha256: string): UpstreamPin {
  const file = `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`;
  return {
    name: `prometheus-operator-${plural}`,
    version: VERSION,
    url: `https://raw.githubusercontent.com/prometheus-operator/prometheus-operator/${VERSION}/${file}`,
    goModule: {
      path: 'github.com/prometheus-operator/prometheus-operator',
      version: VERSION,
      file,
    },
    sha256,
  };
}
