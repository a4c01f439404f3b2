import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { spelled } from '../look';
import { containersOf } from './pods';

const DANGEROUS =
  /^(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|SYS_RAWIO|SYS_BOOT|SYS_TIME|DAC_OVERRIDE|DAC_READ_SEARCH|MKNOD|NET_ADMIN|NET_RAW|BPF|PERFMON|SYSLOG|LINUX_IMMUTABLE|MAC_ADMIN|MAC_OVERRIDE)$/;
/** What any pod may set: `review/admission` knows the list of each version. */
const SAFE_SYSCTL =
  /^(kernel\.shm_rmid_forced|net\.ipv4\.(ip_local_port_range|ip_local_reserved_ports|tcp_syncookies|ping_group_range|ip_unprivileged_port_start|tcp_keepalive_(time|intvl|probes)|tcp_fin_timeout|tcp_rmem|tcp_wmem))$/;
/** What pods without a sandbox of their own have, so that only its loss means anything. */
export const OWN_KERNEL = "the node's own kernel";
const SANDBOX = /kata|gvisor|runsc|sandbox|firecracker/i;

/** What a pod may do beyond the restricted profile; in parentheses what only weakens it. */
export function privilegesOf(pod: JsonObject): Set<string> {
  const found = new Set<string>();
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[host] === true) found.add(host);
  for (const volume of objectsAt(pod, 'volumes')) {
    const path = textAt(volume, 'hostPath', 'path');
    if (path !== undefined) found.add(`the node's ${path}`);
  }
  if (!SANDBOX.test(textAt(pod, 'runtimeClassName') ?? '')) found.add(OWN_KERNEL);
  if (pod['hostUsers'] !== false) found.add("(the node's user IDs)");
  if (pod['shareProcessNamespace'] === true) found.add('(the processes of all their containers)');
  for (const sysctl of objectsAt(pod, 'securityContext', 'sysctls')) {
    const name = textAt(sysctl, 'name') ?? '';
    if (!SAFE_SYSCTL.test(name)) found.add(`the unsafe sysctl ${name}`);
  }
  inside(pod['securityContext'], found);
  if (at(pod, 'securityContext', 'runAsNonRoot') !== true)
    found.add('(root if the image wants it)');
  for (const container of containersOf(pod).values()) {
    const security = container['securityContext'];
    if (at(security, 'privileged') === true) found.add('privileged containers');
    if (at(security, 'allowPrivilegeEscalation') === true) found.add('privilege escalation');
    if (at(security, 'procMount') === 'Unmasked') found.add('an unmasked /proc');
    inside(security, found);
    const dropped = at(security, 'capabilities', 'drop');
    if (!isList(dropped) || !dropped.map(String).some((name) => /^all$/i.test(name)))
      found.add('(the capabilities that the runtime gives to everybody)');
    if (at(security, 'readOnlyRootFilesystem') !== true) found.add('(a writable root file system)');
    const added = at(security, 'capabilities', 'add');
    for (const capability of isList(added) ? added : []) {
      const name = spelled(capability).replace(/^CAP_/, '');
      found.add(DANGEROUS.test(name) ? `capability ${name}` : `(capability ${name})`);
    }
  }
  return found;
}

/** What both a pod's and a container's security context can say. */
function inside(security: Json | undefined, found: Set<string>): void {
  if (!isObject(security)) return;
  if (security['runAsUser'] === 0) found.add('UID 0');
  if (textAt(security, 'seccompProfile', 'type') === 'Unconfined') found.add('no seccomp profile');
  if (textAt(security, 'appArmorProfile', 'type') === 'Unconfined')
    found.add('no AppArmor profile');
  if (at(security, 'windowsOptions', 'hostProcess') === true)
    found.add('processes on the Windows host');
  const type = textAt(security, 'seLinuxOptions', 'type');
  if (type !== undefined && !/^container(_init|_kvm|_engine)?_t$/.test(type))
    found.add(`the SELinux type ${type}`);
}
