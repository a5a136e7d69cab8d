package io.sampo.node.lock;

import io.sampo.protocol.etcdserverpb.KVPowerApi;
import io.sampo.protocol.etcdserverpb.LeasePowerApi;
import io.sampo.protocol.etcdserverpb.WatchPowerApi;

/** What the recipes are made of; they are called with the metadata of the recipe's own caller. */
public record EtcdServices(KVPowerApi kv, LeasePowerApi lease, WatchPowerApi watch) {}
