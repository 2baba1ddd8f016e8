package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"time"

	"github.com/kubernetes-csi/csi-lib-utils/protosanitizer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/klog/v2"
)

type effectKey struct{}

// effectOf is the fault of the call that a handler is in, or nil. Handlers ask for the words that are theirs; what
// every call knows (codes, crash, hang, delay) has happened before.
func effectOf(ctx context.Context) *Effect {
	effect, _ := ctx.Value(effectKey{}).(*Effect)
	return effect
}

// intercept logs each call as other drivers do, and lets its fault happen.
func (d *Driver) intercept(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	// Probes come all the time and say nothing.
	level := klog.Level(3)
	if path.Base(info.FullMethod) == "Probe" {
		level = 6
	}
	klog.V(level).Infof("GRPC call: %s", info.FullMethod)
	klog.V(level+2).Infof("GRPC request: %s", protosanitizer.StripSecrets(request))
	answer, err := d.answer(ctx, request, path.Base(info.FullMethod), handler)
	if err != nil {
		klog.Errorf("GRPC error: %v", err)
	} else {
		klog.V(level+2).Infof("GRPC response: %s", protosanitizer.StripSecrets(answer))
	}
	return answer, err
}

func (d *Driver) answer(ctx context.Context, request any, call string, handler grpc.UnaryHandler) (any, error) {
	effect, err := d.faults.find(d.targetOf(call, request))
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if effect == nil {
		return handler(ctx, request)
	}
	klog.V(4).InfoS("Fault", "call", call, "what", effect.What, "code", effect.Code.String())
	wait(effect.Delay, ctx.Done())
	switch {
	case effect.is(whatCrash):
		crash(effect)
	case effect.is(whatHang):
		<-ctx.Done()
		return nil, status.FromContextError(ctx.Err()).Err()
	case effect.is(whatDropSocket):
		d.dropSocket()
		return nil, status.Error(codes.Unavailable, "the server is shutting down")
	case effect.Code != codes.OK:
		return nil, status.Error(effect.Code, effect.Message)
	case effect.is(whatSkip):
		return emptyAnswer(call)
	}
	return handler(context.WithValue(ctx, effectKey{}, effect), request)
}

// wait waits, unless it is called off before.
func wait(delay time.Duration, calledOff <-chan struct{}) {
	select {
	case <-time.After(delay):
	case <-calledOff:
	}
}

// crash ends the process as a panic or a fatal error of a real driver would.
func crash(effect *Effect) {
	klog.Flush()
	fmt.Fprintln(os.Stderr, effect.Message)
	os.Exit(effect.Exit)
}
