// Pulumi's Kubernetes provider, built from its Go module. Upstream's own main package embeds two
// generated files that the published module leaves out: the SDK schema and the Terraform-style
// metadata. Neither is used when the resources are registered by type token, so both are empty here.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

func main() {
	provider.Serve("kubernetes", "4.29.0", []byte("{}"), []byte("{}"))
}
