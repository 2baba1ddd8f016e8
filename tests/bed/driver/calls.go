package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
)

// Calls that CSI does not have, but that can go wrong all the same.
const (
	// callStart is the start of the process.
	callStart = "Start"
	// callRegister is the kubelet's question at the registration socket.
	callRegister = "Register"
)

// knownCalls are the names that a rule may have, sorted.
var knownCalls = func() []string {
	calls := []string{"*", callStart, callRegister}
	for _, service := range []grpc.ServiceDesc{csi.Identity_ServiceDesc, csi.Controller_ServiceDesc, csi.Node_ServiceDesc} {
		for _, method := range service.Methods {
			calls = append(calls, method.MethodName)
		}
	}
	sort.Strings(calls)
	return calls
}()

// checkCall refuses a name that nothing ever calls, such as a slip in a test.
func checkCall(call string) error {
	if i := sort.SearchStrings(knownCalls, call); i < len(knownCalls) && knownCalls[i] == call {
		return nil
	}
	return fmt.Errorf("no call is named %q, only %s", call, strings.Join(knownCalls, ", "))
}
