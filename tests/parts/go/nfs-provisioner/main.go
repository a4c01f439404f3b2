// A provisioner of directories on the controller library of both NFS provisioners: nfs-provisioner <kubeconfig> <provisioner> <directory>.
package main

import (
	"context"
	"os"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

type directories string

func (root directories) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	path := filepath.Join(string(root), options.PVName)
	if err := os.Mkdir(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	spec := v1.PersistentVolumeSpec{
		AccessModes:                   options.PVC.Spec.AccessModes,
		Capacity:                      v1.ResourceList{v1.ResourceStorage: options.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
		MountOptions:                  options.StorageClass.MountOptions,
		PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
		PersistentVolumeSource:        v1.PersistentVolumeSource{NFS: &v1.NFSVolumeSource{Server: "filer.example.org", Path: path}},
	}
	return &v1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: options.PVName}, Spec: spec}, controller.ProvisioningFinished, nil
}

// Delete archives, as both do by our classes: nothing is removed. Theirs read the class of the volume first.
func (root directories) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	path := filepath.Join(string(root), volume.Name)
	return os.Rename(path, filepath.Join(string(root), "archived-"+volume.Name))
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err != nil {
		panic(err)
	}
	client := kubernetes.NewForConfigOrDie(config)
	ctx := context.Background()
	election := controller.LeaderElection(false)
	controller.NewProvisionController(ctx, client, os.Args[2], directories(os.Args[3]), election).Run(ctx)
}
