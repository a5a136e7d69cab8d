package io.sampo.tests.moving;

import static io.sampo.tests.grpc.Etcd.bytes;

import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmRequest.AlarmAction;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.ServerUnderTest;
import java.util.Random;

/** A few thousand entries with a bit of everything that a database can hold. */
final class History {
  static final long LEASE = 0x5a5a;

  private static final int KEYS = 60;

  private History() {}

  /** Ends with many revisions behind its last compaction. */
  static void write(ServerUnderTest server, int puts) {
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      Etcd etcd = new Etcd(client);
      Random random = new Random(puts);
      etcd.grant(LEASE, 5_000);
      etcd.grant(LEASE + 1, 9_000);
      etcd.grant(LEASE + 2, 9_000);
      for (int i = 0; i < puts; i++) {
        step(etcd, random, i);
        if (i % (puts / 3 + 1) == puts / 3) {
          etcd.compact(CompactionRequest.newBuilder().setRevision(i / 2));
        }
      }
      etcd.revoke(LEASE + 2);
    }
  }

  private static void step(Etcd etcd, Random random, int number) {
    String key = "key/" + random.nextInt(KEYS);
    if (random.nextInt(8) == 0) {
      etcd.delete(DeleteRangeRequest.newBuilder().setKey(bytes(key)));
    } else {
      etcd.put(
          PutRequest.newBuilder()
              .setKey(bytes(key))
              .setValue(bytes("value " + number + "x".repeat(random.nextInt(200))))
              .setLease(random.nextInt(4) == 0 ? LEASE + random.nextInt(3) : 0));
    }
  }

  /**
   * Kills the server while it writes, and says what it last acknowledged.
   *
   * @return how many puts of {@code after/…} were acknowledged
   */
  static int killUnderLoad(ServerUnderTest server, int acknowledged) {
    Thread killer = new Thread(server::kill, "killer");
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      Etcd etcd = new Etcd(client);
      for (int i = 1; ; i++) {
        if (i == acknowledged) {
          killer.start();
        }
        etcd.put(PutRequest.newBuilder().setKey(bytes("after/" + i)).setValue(bytes("" + i)));
        if (i > 1_000_000) {
          throw new AssertionError("the server outlives its kill");
        }
      }
    } catch (RuntimeException killed) {
      return acknowledged - 1;
    } finally {
      join(killer);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Raises the alarm of a full disk, by which no client can write any more. */
  static void raiseAlarm(ServerUnderTest server) {
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      client.call(
          "/etcdserverpb.Maintenance/Alarm",
          AlarmRequest.newBuilder()
              .setAction(AlarmAction.ACTIVATE)
              .setAlarm(AlarmType.NOSPACE)
              .setMemberID(1)
              .build(),
          AlarmResponse.getDefaultInstance());
    }
  }
}
