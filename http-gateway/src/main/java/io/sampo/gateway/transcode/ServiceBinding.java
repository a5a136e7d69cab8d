package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Set;

/**
 * A service to be offered as JSON.
 *
 * @param implementation an instance of the service's generated {@code XPowerApi}
 * @param descriptor the service's descriptor, from its generated file class
 * @param waiting the names of unary methods that may last as long as their client wants; their
 *     futures are cancelled when the client leaves or its time limit passes
 * @param admission decides which calls the service sees
 * @param listener told of all calls
 */
public record ServiceBinding(
    Object implementation,
    ServiceDescriptor descriptor,
    Set<String> waiting,
    CallAdmission admission,
    CallListener listener) {

  /** A service without methods that wait, for everybody. */
  public ServiceBinding(Object implementation, ServiceDescriptor descriptor) {
    this(implementation, descriptor, Set.of());
  }

  /** A service for everybody. */
  public ServiceBinding(Object implementation, ServiceDescriptor descriptor, Set<String> waiting) {
    this(implementation, descriptor, waiting, CallAdmission.OPEN, CallListener.NONE);
  }

  /** The same for those who are admitted. */
  public ServiceBinding withAdmission(CallAdmission newAdmission) {
    return new ServiceBinding(implementation, descriptor, waiting, newAdmission, listener);
  }

  /** The same with somebody who is told of all calls. */
  public ServiceBinding withListener(CallListener newListener) {
    return new ServiceBinding(implementation, descriptor, waiting, admission, newListener);
  }
}
