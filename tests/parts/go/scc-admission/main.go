// Command scc-admission answers admission questions with OpenShift's own plugin, one JSON document per line, so that
// review/admission can be compared with it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
	coreapi "k8s.io/kubernetes/pkg/apis/core"
	corev1conversions "k8s.io/kubernetes/pkg/apis/core/v1"

	securityv1 "github.com/openshift/api/security/v1"
	"github.com/openshift/apiserver-library-go/pkg/securitycontextconstraints/sccadmission"
	"github.com/openshift/apiserver-library-go/pkg/securitycontextconstraints/sccdefaults"
	securityv1listers "github.com/openshift/client-go/security/listers/security/v1"
)

type question struct {
	Operation   string                                   `json:"operation"`
	Subresource string                                   `json:"subresource"`
	Pod         *corev1.Pod                              `json:"pod"`
	OldPod      *corev1.Pod                              `json:"oldPod"`
	User        string                                   `json:"user"`
	Groups      []string                                 `json:"groups"`
	Namespace   *corev1.Namespace                        `json:"namespace"`
	Sccs        []*securityv1.SecurityContextConstraints `json:"sccs"`
	// May says which constraints a user name or a group may use.
	May map[string][]string `json:"may"`
}

type answer struct {
	Allowed bool        `json:"allowed"`
	Scc     string      `json:"scc,omitempty"`
	Subject string      `json:"subject,omitempty"`
	Pod     *corev1.Pod `json:"pod,omitempty"`
	Error   string      `json:"error,omitempty"`
}

type sccInformer struct{ indexer cache.Indexer }

func (i sccInformer) Informer() cache.SharedIndexInformer { return synced{} }
func (i sccInformer) Lister() securityv1listers.SecurityContextConstraintsLister {
	return securityv1listers.NewSecurityContextConstraintsLister(i.indexer)
}

type synced struct{ cache.SharedIndexInformer }

func (synced) HasSynced() bool { return true }

type grants map[string][]string

func (g grants) Authorize(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	subjects := append([]string{a.GetUser().GetName()}, a.GetUser().GetGroups()...)
	for _, subject := range subjects {
		for _, scc := range g[subject] {
			if scc == a.GetName() && a.GetVerb() == "use" {
				return authorizer.DecisionAllow, "", nil
			}
		}
	}
	return authorizer.DecisionNoOpinion, "", nil
}

func main() {
	factory := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	factory.Core().V1().Namespaces().Informer()
	factory.Start(context.Background().Done())
	factory.WaitForCacheSync(context.Background().Done())
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			_ = out.Encode(answer{Error: "cannot read the question: " + err.Error()})
			continue
		}
		_ = out.Encode(ask(&q, factory))
	}
}

func ask(q *question, factory informers.SharedInformerFactory) answer {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{})
	for _, scc := range q.Sccs {
		sccdefaults.SetDefaults_SCC(scc)
		_ = indexer.Add(scc)
	}
	plugin := sccadmission.NewConstraint()
	plugin.SetSecurityInformers(sccInformer{indexer})
	_ = factory.Core().V1().Namespaces().Informer().GetIndexer().Replace([]any{q.Namespace}, "")
	plugin.SetExternalKubeInformerFactory(factory)
	plugin.SetAuthorizer(grants(q.May))

	pod, err := internal(q.Pod)
	if err != nil {
		return answer{Error: err.Error()}
	}
	operation := admission.Create
	var old runtime.Object
	if q.Operation == "update" {
		operation = admission.Update
		if old, err = internal(q.OldPod); err != nil {
			return answer{Error: err.Error()}
		}
	}
	asker := &user.DefaultInfo{Name: q.User, Groups: q.Groups}
	attributes := admission.NewAttributesRecord(pod, old, coreapi.Kind("Pod").WithVersion("version"), q.Namespace.Name, pod.Name,
		coreapi.Resource("pods").WithVersion("version"), q.Subresource, operation, nil, false, asker)
	// A namespace without annotations is asked for again until the time is up.
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := plugin.Admit(ctx, attributes, nil); err != nil {
		return answer{Error: err.Error()}
	}
	if err := plugin.Validate(ctx, attributes, nil); err != nil {
		return answer{Error: "on validation: " + err.Error()}
	}
	admitted := &corev1.Pod{}
	if err := corev1conversions.Convert_core_Pod_To_v1_Pod(pod, admitted, nil); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{
		Allowed: true,
		Scc:     pod.Annotations[securityv1.ValidatedSCCAnnotation],
		Subject: pod.Annotations["security.openshift.io/validated-scc-subject-type"],
		Pod:     admitted,
	}
}

func internal(pod *corev1.Pod) (*coreapi.Pod, error) {
	converted := &coreapi.Pod{}
	return converted, corev1conversions.Convert_v1_Pod_To_core_Pod(pod, converted, nil)
}
