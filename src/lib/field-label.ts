import type { ClientField } from '#shared/contracts/client-edit.ts'
import type { DossierField, Kind, Status } from '#shared/contracts/dossier.ts'
import { m } from '$paraglide/messages.js'

/** What a dossier's or a client's field is called on the screen. */
export function fieldLabel(field: DossierField | ClientField): string {
  switch (field) {
    case 'ownerId':
      return m.common_owner()
    case 'divisionId':
      return m.common_division()
    case 'stageId':
    case 'stageSince':
      return m.common_stage()
    case 'status':
      return m.common_status()
    case 'abandonReason':
      return m.common_abandon_reason()
    case 'title':
      return m.common_title()
    case 'kind':
      return m.common_kind()
    case 'amount':
      return m.common_amount()
    case 'subject':
      return m.common_subject()
    case 'provenance':
      return m.dossier_fact_provenance()
    case 'introducer':
      return m.common_introducer()
    case 'complete':
      return m.dossier_fact_complete()
    case 'createdOn':
      return m.common_created()
    case 'clientName':
      return m.common_client()
    case 'partnerName':
      return m.common_partner()
    default:
      return clientFieldLabel(field)
  }
}

function clientFieldLabel(field: Exclude<ClientField, DossierField>): string {
  switch (field) {
    case 'reference':
      return m.clients_reference()
    case 'firstName':
      return m.clients_first_name()
    case 'lastName':
      return m.clients_last_name()
    case 'birthDate':
      return m.clients_birth_date()
    case 'email':
      return m.dossier_fact_email()
    case 'phone':
      return m.dossier_fact_phone()
    case 'street':
      return m.clients_street()
    case 'postcode':
      return m.clients_postcode()
    case 'city':
      return m.clients_city()
    case 'language':
      return m.clients_language()
    case 'partner':
      return m.common_partner()
    case 'children':
      return m.clients_children()
    case 'adviceFor':
      return m.clients_advice_for()
  }
}

export function statusLabel(status: Status): string {
  switch (status) {
    case 'prospect':
      return m.common_status_prospect()
    case 'client':
      return m.common_status_client()
    case 'abandoned':
      return m.common_status_abandoned()
    case 'closed':
      return m.common_status_closed()
  }
}

/** The kind of advice. */
export function kindLabel(kind: Kind): string {
  switch (kind) {
    case 'mortgage':
      return m.common_kind_mortgage()
    case 'pension':
      return m.common_kind_pension()
    case 'insurance':
      return m.common_kind_insurance()
    case 'wealth':
      return m.common_kind_wealth()
  }
}
