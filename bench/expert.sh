#!/bin/sh
# What an expert types on an equal host to get an equal cluster: the same packages and images, the real kubeadm. Input: the bundle in /root/bundle,
# kubeadm's documents in /root/kubeadm.yaml; first or join, the pod network, the workload plane address, the node's name.
set -eu
part=$1
shift
bundle=/root/bundle
chmod 755 /root

cat > /etc/sysctl.d/99-kubernetes.conf <<END
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1
END
sysctl -q -p /etc/sysctl.d/99-kubernetes.conf

firewall-cmd -q --permanent --add-port=6443/tcp --add-port=10250/tcp --add-port=2379-2380/tcp --add-port=8472/udp
firewall-cmd -q --permanent --zone=trusted --add-source="$1"
firewall-cmd -q --reload

echo "deb [signed-by=$bundle/packages/deb/key.asc] file:$bundle/packages/deb temper main" > /root/bundle.list
apt="apt-get -qq -y -o Dir::Etc::sourcelist=/root/bundle.list -o Dir::Etc::sourceparts=-"
$apt update
$apt install containerd kubelet kubeadm kubectl > /dev/null

mkdir -p /etc/containerd
cat > /etc/containerd/config.toml <<END
version = 3
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = 'registry.k8s.io/pause:3.10.2'
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = true
END
systemctl daemon-reload
systemctl -q enable --now containerd kubelet
tar -C $bundle/images -cf - . | ctr -n k8s.io images import - > /dev/null

if [ "$part" = join ]; then
  kubeadm join --config /root/kubeadm.yaml --ignore-preflight-errors=SystemVerification > /root/kubeadm.log
  # As the network add-on comes to it: on a worker node only its kubelet may ask.
  for _ in $(seq 300); do
    ready=$(kubectl --kubeconfig=/etc/kubernetes/kubelet.conf get node "$3" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')
    [ "$ready" != True ] || exit 0
    sleep 1
  done
  exit 1
fi

kubeadm init --config /root/kubeadm.yaml --ignore-preflight-errors=SystemVerification > /root/kubeadm.log
export KUBECONFIG=/etc/kubernetes/admin.conf
sed "s|10.244.0.0/16|$1|" $bundle/manifests/flannel.yaml | kubectl apply -f - > /dev/null
kubectl annotate node "$3" "flannel.alpha.coreos.com/public-ip-overwrite=$2" > /dev/null
kubectl wait --for=condition=Ready "node/$3" --timeout=300s > /dev/null
kubectl -n kube-system rollout status deployment/coredns --timeout=300s > /dev/null
