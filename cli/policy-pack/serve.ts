import { servePolicies } from '../../deploy/policies';
import { silentReport } from '../../upstream/progress';
import { judgementOf } from '../judge';

/** What the engine starts for `--policy-pack cli/policy-pack`. */
servePolicies((environment) =>
  judgementOf(environment, process.env['BEAMLINE_APPROVED'], {
    report: silentReport,
    signal: new AbortController().signal,
  }),
);
