package io.sampo.node.state.alarm;

import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The alarms that are raised, ordered by type and member; immutable. A type that this version does
 * not know is kept like any other, as etcd does.
 *
 * @param alarms at most one for each type and member
 */
public record AlarmTable(List<AlarmMember> alarms) {
  private static final Comparator<AlarmMember> ORDER =
      Comparator.comparingInt(AlarmMember::getAlarmValue)
          .thenComparing(AlarmMember::getMemberID, Long::compareUnsigned);

  /** No alarms. */
  public static final AlarmTable EMPTY = new AlarmTable(List.of());

  public AlarmTable {
    alarms = alarms.stream().sorted(ORDER).toList();
  }

  /** The alarms of the type; of every type for {@code NONE}. */
  public List<AlarmMember> ofType(int type) {
    return type == AlarmType.NONE_VALUE
        ? alarms
        : alarms.stream().filter(alarm -> alarm.getAlarmValue() == type).toList();
  }

  /** Whether any member has raised an alarm of the type. */
  public boolean isRaised(AlarmType type) {
    return alarms.stream().anyMatch(alarm -> alarm.getAlarmValue() == type.getNumber());
  }

  public Optional<AlarmMember> find(long memberId, int type) {
    return alarms.stream()
        .filter(alarm -> alarm.getMemberID() == memberId && alarm.getAlarmValue() == type)
        .findFirst();
  }

  /** The table with the alarm, which may be in it already. */
  public AlarmTable with(AlarmMember alarm) {
    return alarms.contains(alarm)
        ? this
        : new AlarmTable(Stream.concat(alarms.stream(), Stream.of(alarm)).toList());
  }

  public AlarmTable without(AlarmMember alarm) {
    return new AlarmTable(alarms.stream().filter(other -> !other.equals(alarm)).toList());
  }
}
