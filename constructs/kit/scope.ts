/**
 * Cluster-scoped kinds by API group, for the groups that Kubernetes and OKD serve themselves, and for operators that a
 * cluster may bring along. The CRDs of a plan tell their own scope. Sources: `kubectl api-resources --namespaced=false`
 * of Kubernetes 1.36, the `scope` of the types in github.com/openshift/api, and the operators' own definitions.
 */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'cert-manager.io': ['ClusterIssuer'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': [
    'CSIDriver',
    'CSINode',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
  'config.openshift.io': [
    'APIServer',
    'Authentication',
    'Build',
    'ClusterOperator',
    'ClusterVersion',
    'Console',
    'DNS',
    'FeatureGate',
    'Image',
    'ImageContentPolicy',
    'ImageDigestMirrorSet',
    'ImageTagMirrorSet',
    'Infrastructure',
    'Ingress',
    'Network',
    'Node',
    'OAuth',
    'OperatorHub',
    'Project',
    'Proxy',
    'Scheduler',
  ],
  'console.openshift.io': ['ConsoleLink', 'ConsoleNotification'],
  'image.openshift.io': ['Image', 'ImageSignature'],
  'machineconfiguration.openshift.io': [
    'ContainerRuntimeConfig',
    'KubeletConfig',
    'MachineConfig',
    'MachineConfigPool',
  ],
  'network.openshift.io': ['ClusterNetwork', 'HostSubnet', 'NetNamespace'],
  'oauth.openshift.io': [
    'OAuthAccessToken',
    'OAuthAuthorizeToken',
    'OAuthClient',
    'OAuthClientAuthorization',
  ],
  'operator.openshift.io': [
    'CSISnapshotController',
    'ClusterCSIDriver',
    'Console',
    'DNS',
    'Network',
    'Storage',
  ],
  'project.openshift.io': ['Project', 'ProjectRequest'],
  'quota.openshift.io': ['ClusterResourceQuota'],
  'security.openshift.io': ['RangeAllocation', 'SecurityContextConstraints'],
  'template.openshift.io': ['BrokerTemplateInstance'],
  'user.openshift.io': ['Group', 'Identity', 'User', 'UserIdentityMapping'],
};

/** Whether objects of the kind belong to the cluster and not to a namespace. */
export function isClusterScoped(group: string, kind: string): boolean {
  return CLUSTER_SCOPED[group]?.includes(kind) ?? false;
}
