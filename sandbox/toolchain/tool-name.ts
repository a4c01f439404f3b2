/** The programs that the embedded control plane and the deploy engine are made of. */
export type ToolName =
  | 'pulumi'
  | 'pulumi-language-nodejs'
  | 'pulumi-resource-kubernetes'
  | 'etcd'
  | 'kwok'
  | 'kwokctl'
  | KubernetesTool;

/** The programs that come with a Kubernetes release. */
export type KubernetesTool =
  'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubectl';
