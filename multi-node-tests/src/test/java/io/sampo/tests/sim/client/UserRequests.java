package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.random.RandomGenerator;

/** What a user asks about keys and leases, whether it may or not. */
final class UserRequests {
  private final String name;
  private final Users users;
  private final RandomGenerator random;
  private long values;

  UserRequests(String name, Users users, RandomGenerator random) {
    this.name = name;
    this.users = users;
    this.random = random;
  }

  Message next() {
    return switch (random.nextInt(users.haveLeases() ? 14 : 10)) {
      case 0, 1 -> put();
      case 2 -> delete();
      case 3, 4 -> txn(1);
      case 10 -> users.lease() == 0 ? grant() : revoke();
      case 11, 12, 13 ->
          users.lease() == 0 ? grant() : put().toBuilder().setLease(users.lease()).build();
      default -> range().toBuilder().setSerializable(random.nextBoolean()).build();
    };
  }

  private PutRequest put() {
    return PutRequest.newBuilder()
        .setKey(Users.key(random))
        .setValue(ByteString.copyFromUtf8(name + ":" + ++values))
        .setPrevKv(random.nextInt(4) == 0)
        .build();
  }

  private DeleteRangeRequest delete() {
    ByteString key = Users.key(random);
    return DeleteRangeRequest.newBuilder()
        .setKey(key)
        .setRangeEnd(Users.end(key, random))
        .setPrevKv(random.nextBoolean())
        .build();
  }

  private RangeRequest range() {
    ByteString key = Users.key(random);
    RangeRequest.Builder range =
        RangeRequest.newBuilder().setKey(key).setRangeEnd(Users.end(key, random));
    switch (random.nextInt(5)) {
      case 0 -> range.setKeysOnly(true);
      case 1 -> range.setCountOnly(true);
      case 2 -> range.setLimit(1);
      default -> {}
    }
    return range.build();
  }

  /** Both branches do something; some of it in a transaction within. */
  private TxnRequest txn(int depth) {
    Compare compare =
        Compare.newBuilder()
            .setTarget(Compare.CompareTarget.VERSION)
            .setResult(Compare.CompareResult.GREATER)
            .setKey(Users.key(random))
            .setVersion(random.nextInt(3))
            .build();
    return TxnRequest.newBuilder()
        .addCompare(compare)
        .addSuccess(operation(depth))
        .addFailure(operation(depth))
        .build();
  }

  private RequestOp operation(int depth) {
    RequestOp.Builder operation = RequestOp.newBuilder();
    switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> operation.setRequestPut(put());
      case 1 -> operation.setRequestDeleteRange(delete());
      case 2, 3 -> operation.setRequestRange(range());
      default -> operation.setRequestTxn(txn(depth - 1));
    }
    return operation.build();
  }

  private LeaseGrantRequest grant() {
    return LeaseGrantRequest.newBuilder().setTTL(2 + random.nextInt(4)).build();
  }

  private LeaseRevokeRequest revoke() {
    return LeaseRevokeRequest.newBuilder().setID(users.lease()).build();
  }
}
