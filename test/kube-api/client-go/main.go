// Keeps a cache of Events with client-go's own informers and prints what they tell: a line of JSON for each object that is added or changes, and one
// when the cache holds all. Ends when its stdin does.
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

type line struct {
	What    string `json:"what"`
	Group   string `json:"group"`
	Key     string `json:"key,omitempty"`
	Version string `json:"version,omitempty"`
	Held    int    `json:"held,omitempty"`
}

func main() {
	client, err := dynamic.NewForConfig(&rest.Config{Host: os.Args[1]})
	if err != nil {
		panic(err)
	}
	stop := make(chan struct{})
	var printing sync.Mutex
	out := json.NewEncoder(os.Stdout)
	print := func(one line) {
		printing.Lock()
		defer printing.Unlock()
		_ = out.Encode(one)
	}
	for _, group := range []string{"", "events.k8s.io"} {
		events := client.Resource(schema.GroupVersionResource{Group: group, Version: "v1", Resource: "events"})
		informer := cache.NewSharedIndexInformer(&cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				return events.List(ctx, options)
			},
			WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
				return events.Watch(ctx, options)
			},
		}, &unstructured.Unstructured{}, 0, cache.Indexers{})
		tell := func(what string, object any) {
			event := object.(*unstructured.Unstructured)
			print(line{What: what, Group: group, Key: event.GetNamespace() + "/" + event.GetName(), Version: event.GetResourceVersion()})
		}
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(object any) { tell("added", object) },
			UpdateFunc: func(_, object any) { tell("changed", object) },
			DeleteFunc: func(any) { print(line{What: "deleted", Group: group}) },
		})
		if err != nil {
			panic(err)
		}
		go func() {
			if cache.WaitForCacheSync(stop, informer.HasSynced) {
				print(line{What: "synced", Group: group, Held: len(informer.GetStore().List())})
			}
		}()
		go informer.Run(stop)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	close(stop)
}
