package io.sampo.node.state;

import io.grpc.Status;
import io.sampo.node.state.alarm.AlarmTable;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import java.util.Optional;

/** Raises, clears and lists alarms (etcd 3.7.1, v3alarm/alarms.go). */
final class AlarmApplier {
  private AlarmTable table;

  AlarmApplier(AlarmTable table) {
    this.table = table;
  }

  AlarmTable table() {
    return table;
  }

  AlarmResponse apply(AlarmRequest request, long revision) {
    AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(Headers.at(revision));
    switch (request.getAction()) {
      case GET -> response.addAllAlarms(table.ofType(request.getAlarmValue()));
      case ACTIVATE -> activate(request).ifPresent(response::addAlarms);
      case DEACTIVATE -> deactivate(request).ifPresent(response::addAlarms);
      // etcd dies of this one; the entry is in the log all the same and has to be got over.
      case UNRECOGNIZED ->
          throw new EtcdException(Status.Code.INVALID_ARGUMENT, "etcdserver: unknown alarm action");
    }
    return response.build();
  }

  private Optional<AlarmMember> activate(AlarmRequest request) {
    if (request.getAlarmValue() == AlarmType.NONE_VALUE) {
      return Optional.empty();
    }
    AlarmMember alarm =
        AlarmMember.newBuilder()
            .setMemberID(request.getMemberID())
            .setAlarmValue(request.getAlarmValue())
            .build();
    table = table.with(alarm);
    return Optional.of(alarm);
  }

  private Optional<AlarmMember> deactivate(AlarmRequest request) {
    Optional<AlarmMember> alarm = table.find(request.getMemberID(), request.getAlarmValue());
    if (alarm.isPresent()) {
      table = table.without(alarm.get());
    }
    return alarm;
  }
}
