package io.sampo.node.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sampo.node.state.bucket.EntryBucket;
import io.sampo.node.state.bucket.IndexedBucket;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.membership.ClusterJson;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.RevisionBytes;
import io.sampo.node.state.mvcc.StoredVersions;
import io.sampo.persistence.snapshot.SnapshotImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state as the buckets of etcd's database (etcd 3.7.1, storage/schema). A compaction counts as
 * done in an image even while its memory is still being given back: what it removes is not in it.
 */
final class StateImage {

  private static final byte[] NOTHING = {};

  private StateImage() {}

  static SnapshotImage of(NodeState state) {
    return new SnapshotImage(
        List.of(
            keys(state),
            meta(state),
            leases(state),
            alarms(state),
            cluster(state.cluster()),
            members(state.cluster()),
            removed(state.cluster()),
            AuthBuckets.auth(state.auth()),
            AuthBuckets.users(state.auth()),
            AuthBuckets.roles(state.auth())));
  }

  private static IndexedBucket<KeyVersion> keys(NodeState state) {
    return new IndexedBucket<>(
        "key",
        () -> {
          StoredVersions versions = new StoredVersions(state.keys());
          return new IndexedBucket.Items<>(versions.size(), versions::at);
        },
        new IndexedBucket.Codec<>() {
          @Override
          public byte[] key(KeyVersion version) {
            return RevisionBytes.of(version);
          }

          @Override
          public byte[] value(KeyVersion version) {
            return version.encoded();
          }
        });
  }

  private static EntryBucket meta(NodeState state) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    entries.put(bytes("storageVersion"), bytes(StorageVersion.of(state.cluster())));
    entries.put(bytes("confState"), ClusterJson.encode(state.cluster().confState()));
    if (state.appliedIndex() > 0) {
      entries.put(bytes("consistent_index"), number(state.appliedIndex()));
      entries.put(bytes("term"), number(state.appliedTerm()));
    }
    long compacted = state.keys().compactRevision();
    if (compacted >= 0) {
      entries.put(bytes("scheduledCompactRev"), RevisionBytes.ofMain(compacted));
      entries.put(bytes("finishedCompactRev"), RevisionBytes.ofMain(compacted));
    }
    return EntryBucket.of("meta", entries);
  }

  private static IndexedBucket<Lease> leases(NodeState state) {
    return new IndexedBucket<>(
        "lease",
        () -> {
          List<Lease> leases = state.leases().toList();
          return new IndexedBucket.Items<>(leases.size(), leases::get);
        },
        new IndexedBucket.Codec<>() {
          @Override
          public byte[] key(Lease lease) {
            return number(lease.id());
          }

          @Override
          public byte[] value(Lease lease) {
            return io.sampo.protocol.leasepb.Lease.newBuilder()
                .setID(lease.id())
                .setTTL(lease.ttlSeconds())
                .setRemainingTTL(lease.remainingSeconds())
                .build()
                .toByteArray();
          }
        });
  }

  private static EntryBucket alarms(NodeState state) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    state.alarms().alarms().forEach(alarm -> entries.put(alarm.toByteArray(), NOTHING));
    return EntryBucket.of("alarm", entries);
  }

  private static EntryBucket cluster(ClusterState cluster) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    cluster.clusterVersion().ifPresent(it -> entries.put(bytes("clusterVersion"), bytes(it)));
    cluster.downgrade().ifPresent(it -> entries.put(bytes("downgrade"), ClusterJson.encode(it)));
    return EntryBucket.of("cluster", entries);
  }

  private static EntryBucket members(ClusterState cluster) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    for (ClusterMember member : cluster.memberList()) {
      entries.put(bytes(Long.toHexString(member.id())), MemberJson.encode(member));
    }
    return EntryBucket.of("members", entries);
  }

  private static EntryBucket removed(ClusterState cluster) {
    Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    for (long id : cluster.removed()) {
      entries.put(bytes(Long.toHexString(id)), bytes("removed"));
    }
    return EntryBucket.of("members_removed", entries);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
