// The CNI plugin "flannel": turns the subnet that flanneld leased for this node into a configuration for another plugin (bridge with
// host-local addresses, unless the network's "delegate" says otherwise) and lets that one do the work.
// It reads and keeps the same files as github.com/flannel-io/cni-plugin.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/cni/pkg/version"
	"github.com/joho/godotenv"
)

type network struct {
	types.NetConf
	SubnetFile    string         `json:"subnetFile"`
	DataDir       string         `json:"dataDir"`
	Delegate      map[string]any `json:"delegate"`
	RuntimeConfig map[string]any `json:"runtimeConfig,omitempty"`
}

func main() {
	skel.PluginMainFuncs(skel.CNIFuncs{Add: add, Del: del, Check: check}, version.All, "CNI plugin flannel")
}

func add(args *skel.CmdArgs) error {
	conf, err := parse(args.StdinData)
	if err != nil {
		return err
	}
	if err := conf.completeDelegate(); err != nil {
		return err
	}
	delegate, err := json.Marshal(conf.Delegate)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(conf.DataDir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(conf.saved(args.ContainerID), delegate, 0o600); err != nil {
		return err
	}
	result, err := invoke.DelegateAdd(context.TODO(), conf.Delegate["type"].(string), delegate, nil)
	if err != nil {
		return err
	}
	return result.Print()
}

// The lease may have changed since the container was added, so what was added then is what is removed.
func del(args *skel.CmdArgs) error {
	conf, err := parse(args.StdinData)
	if err != nil {
		return err
	}
	delegate, err := os.ReadFile(conf.saved(args.ContainerID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var plugin types.NetConf
	if err := json.Unmarshal(delegate, &plugin); err != nil {
		return err
	}
	if err := invoke.DelegateDel(context.TODO(), plugin.Type, delegate, nil); err != nil {
		return err
	}
	return os.Remove(conf.saved(args.ContainerID))
}

func check(*skel.CmdArgs) error { return nil }

func parse(stdin []byte) (*network, error) {
	conf := &network{SubnetFile: "/run/flannel/subnet.env", DataDir: "/var/lib/cni/flannel"}
	if err := json.Unmarshal(stdin, conf); err != nil {
		return nil, fmt.Errorf("network configuration: %w", err)
	}
	return conf, nil
}

func (conf *network) saved(containerID string) string {
	return filepath.Join(conf.DataDir, containerID)
}

func (conf *network) completeDelegate() error {
	env, err := godotenv.Read(conf.SubnetFile)
	if err != nil {
		return fmt.Errorf("flanneld has no lease for this node yet: %w", err)
	}
	_, pods, err := net.ParseCIDR(env["FLANNEL_NETWORK"])
	if err != nil {
		return err
	}
	// The file holds the gateway's address with the mask; host-local wants the bare subnet.
	_, subnet, err := net.ParseCIDR(env["FLANNEL_SUBNET"])
	if err != nil {
		return err
	}
	if conf.Delegate == nil {
		conf.Delegate = map[string]any{}
	}
	conf.Delegate["name"] = conf.Name
	conf.Delegate["cniVersion"] = conf.CNIVersion
	if conf.RuntimeConfig != nil {
		conf.Delegate["runtimeConfig"] = conf.RuntimeConfig
	}
	conf.preset("type", "bridge")
	conf.preset("isGateway", true)
	conf.preset("mtu", json.Number(env["FLANNEL_MTU"]))
	// Either flanneld masquerades or the bridge does.
	conf.preset("ipMasq", env["FLANNEL_IPMASQ"] != "true")
	conf.Delegate["ipam"] = map[string]any{
		"type":   "host-local",
		"ranges": [][]map[string]string{{{"subnet": subnet.String()}}},
		"routes": []types.Route{{Dst: *pods}},
	}
	return nil
}

func (conf *network) preset(key string, value any) {
	if _, given := conf.Delegate[key]; !given {
		conf.Delegate[key] = value
	}
}
