//go:build tools

package tools

import _ "github.com/kubernetes-incubator/external-storage/nfs-client/cmd/nfs-client-provisioner"
