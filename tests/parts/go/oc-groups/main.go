// Command oc-groups is "oc adm groups" alone: the whole of oc takes ten times as long to build.
package main

import (
	"os"

	"github.com/openshift/oc/pkg/cli/admin/groups/sync"
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	kcmdutil "k8s.io/kubectl/pkg/cmd/util"

	"github.com/openshift/api"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/kubectl/pkg/scheme"
)

func main() {
	utilruntime.Must(api.Install(scheme.Scheme))
	flags := genericclioptions.NewConfigFlags(true)
	factory := kcmdutil.NewFactory(flags)
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}

	groups := &cobra.Command{Use: "groups"}
	groups.AddCommand(sync.NewCmdSync(factory, streams))
	groups.AddCommand(sync.NewCmdPruneGroups("prune", "oc adm groups prune", factory, streams))
	adm := &cobra.Command{Use: "adm"}
	adm.AddCommand(groups)
	root := &cobra.Command{Use: "oc-groups", SilenceUsage: true}
	root.AddCommand(adm)
	flags.AddFlags(root.PersistentFlags())
	if err := root.Execute(); err != nil {
		os.Exit(1)
	}
}
